/** Files of the citizen's own dossiers, handed out in the chat where its channel can. */
import type { OutFile } from '../../ports/channel';
import type { DossierNews } from '../../ports/documents';
import { t, type Offer, type Talk } from './talk';

type Sort = 'pdf' | 'docx' | 'result';

/** The sorts there are of a dossier. */
function sortsOf({ world }: Talk, { procedure, result }: DossierNews): readonly Sort[] {
  if (!world.canDocuments) return [];
  const forms: readonly Sort[] = world.hasForm(procedure) ? ['pdf', 'docx'] : [];
  return result === undefined ? forms : ['result', ...forms];
}

export function filesFor(talk: Talk, news: DossierNews): readonly Offer[] {
  return sortsOf(talk, news).map((sort) => ({
    label: t(`bot.button.file.${sort}`),
    press: { type: 'lobby', command: 'file', arg: `${news.code}.${sort}` },
  }));
}

/** `arg`: `<code>.<sort>`. Only of a dossier that was sent from this very chat. */
export function giveFile(talk: Talk, arg: string): void {
  const [code = '', wanted = ''] = arg.split('.');
  const news = talk.state.dossiers.find((one) => one.code === code);
  const sort = news && sortsOf(talk, news).find((one) => one === wanted);
  if (news === undefined || sort === undefined) return talk.say(t('bot.file.gone'));
  talk.say(t(`bot.file.${sort}`, { code }), [], { files: [fileOf(talk.state.id, news, sort)] });
}

function fileOf(owner: string, { id: dossier, result = '' }: DossierNews, sort: Sort): OutFile {
  if (sort === 'result') return { type: 'result', dossier, owner, attachment: result };
  return { type: 'declaration', dossier, owner, format: sort };
}
