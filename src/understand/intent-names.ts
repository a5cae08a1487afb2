/** What a citizen may want besides a procedure. They are found the same way, by citizens' wordings. */
export const INTENTS = [
  'tra-cuu-ho-so',
  'bo-sung-ho-so',
  'rut-ho-so',
  'gap-can-bo',
  'du-lieu-ca-nhan',
  'le-phi-thanh-toan',
  'huong-dan-vneid',
  'canh-bao-lua-dao',
] as const;

export type Intent = (typeof INTENTS)[number];

export const isIntent = (id: string): id is Intent => INTENTS.some((intent) => intent === id);
