/** The commands of the bot's menu: names people can type, and the words the house understands by them. */
import { whyOf, type BotApi, type Why } from './bot-api';

export type Lang = 'vi' | 'en';

interface Command {
  /** Key of its description. */
  readonly key: string;
  readonly vi: string;
  readonly en: string;
  /** What it says for the citizen. */
  readonly words: string;
}

/** In the order of the menu. */
const COMMANDS: readonly Command[] = [
  { key: 'menu', vi: 'menu', en: 'menu', words: 'menu' },
  { key: 'resume', vi: 'tieptuc', en: 'resume', words: 'tiếp tục' },
  { key: 'edit', vi: 'sua', en: 'edit', words: 'sửa' },
  { key: 'back', vi: 'quaylai', en: 'back', words: 'quay lại' },
  { key: 'repeat', vi: 'doclai', en: 'repeat', words: 'đọc lại' },
  { key: 'stop', vi: 'dung', en: 'stop', words: 'dừng' },
  { key: 'status', vi: 'trangthai', en: 'status', words: 'tra cứu hồ sơ' },
  { key: 'person', vi: 'gapcanbo', en: 'officer', words: 'gặp cán bộ' },
  { key: 'data', vi: 'dulieu', en: 'mydata', words: 'dữ liệu của tôi' },
  { key: 'address', vi: 'xungho', en: 'address', words: 'đổi xưng hô' },
  { key: 'language', vi: 'english', en: 'tiengviet', words: '' },
];

const LANGUAGES: Readonly<Record<string, string>> = { english: 'english', tiengviet: 'tiếng việt' };

const WORDS: ReadonlyMap<string, string> = new Map([
  ...COMMANDS.filter(({ words }) => words !== '').flatMap(({ vi, en, words }) => [
    [vi, words] as const,
    [en, words] as const,
  ]),
  ...Object.entries(LANGUAGES),
]);

/** `/command@bot rest`, split; null for other words. */
export function slashIn(text: string): { readonly name: string; readonly rest: string } | null {
  const found = /^\/([A-Za-z0-9_]{1,32})(?:@\w{1,64})?(?:\s+([^]*))?$/.exec(text.trim());
  return found === null ? null : { name: (found[1] ?? '').toLowerCase(), rest: (found[2] ?? '').trim() };
}

/** The words a command stands for ("/sua 3" is "sửa 3"); what we do not know is said as it was typed. */
export function wordsOf(text: string): string {
  const slash = slashIn(text);
  const words = slash === null ? undefined : WORDS.get(slash.name.replaceAll('_', ''));
  if (slash === null || words === undefined) return text;
  return /^\d{1,3}$/.test(slash.rest) ? `${words} ${slash.rest}` : words;
}

/** `describe(key, lang)`: one line about a command, 1 to 256 characters. Null when Telegram has them all, else why not. */
export async function tellCommands(
  api: BotApi,
  describe: (key: string, lang: Lang) => string,
): Promise<Why | null> {
  const listOf = (lang: Lang) =>
    COMMANDS.map((one) => ({ command: one[lang], description: describe(one.key, lang) }));
  // Without a language: for every phone that is not set to English.
  const answers = [
    await api.call('setMyCommands', { commands: listOf('vi') }),
    await api.call('setMyCommands', { commands: listOf('en'), language_code: 'en' }),
  ];
  return answers.flatMap((answer) => (answer.ok ? [] : [whyOf(answer)]))[0] ?? null;
}

/** Keys of the descriptions. */
export const COMMAND_KEYS: readonly string[] = COMMANDS.map(({ key }) => key);
