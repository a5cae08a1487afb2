/** Where one of the citizen's dossiers is, in words. */
import type { Phrase } from '../../flow/types';
import type { DossierNews } from '../../ports/documents';
import { civil } from '../dossier/dossier-tell';
import type { Params } from '../speech';
import { t } from './talk';

export function newsParams(news: DossierNews): Params {
  return {
    code: news.code,
    procedure: news.procedureName,
    agency: news.agencyName,
    dueOn: news.dueOn === null ? t('bot.noDueOn') : { text: civil(news.dueOn) },
    officialCode: news.officialCode ?? news.code,
    lookBy: civil(news.lookBy),
  };
}

export const statusPhrase = (news: DossierNews): Phrase => t(`bot.status.${news.status}`, newsParams(news));
