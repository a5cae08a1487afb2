/** What a citizen's words mean to the house, from the rooms that know: commands, intents, procedures, codes, yes and no. */
import { fold } from '../../flow/text';
import type { Kind, World } from '../../flow/types';
import type { OutButton } from '../../ports/channel';
import { commandOf, isGreeting, isThanks } from '../../understand/commands';
import { codeIn, lastFourIn } from '../../understand/dossier-code';
import type { Finder } from '../../understand/find';
import { intentOf, isIntent } from '../../understand/intents';
import type { Understanding } from './talk';

export function openUnderstanding(finder: Finder, yesNo: Kind, world: World): Understanding {
  return {
    commandOf,
    isGreeting,
    isThanks,
    codeIn,
    lastFourIn,
    intentOf: (text, midFlow) => intentOf(finder, text, midFlow ? 'mid-flow' : 'lobby'),
    find: (text) => finder.find(text).filter((match) => !isIntent(match.procedure)),
    yesNo: (text) => {
      const reading = yesNo.read(text.normalize('NFC').trim(), {}, world);
      return reading.ok && typeof reading.value === 'boolean' ? reading.value : null;
    },
    pick: pickOffered,
  };
}

/** A number within the list, or a button's words with or without marks. */
export function pickOffered(text: string, offered: readonly OutButton[]): string | null {
  const said = fold(text);
  if (said === '') return null;
  const byNumber = /^\d{1,2}$/.test(said) ? offered[Number(said) - 1] : undefined;
  const byWords = offered.filter((button) => fold(button.label) === said);
  return byNumber?.id ?? (byWords.length === 1 ? (byWords[0]?.id ?? null) : null);
}
