/** What the desk needs of the house. The composition root gives it. */
import type { Officers } from '../app/officers/officers';
import type { Speech } from '../app/speech';
import type { Agency, Dossier, Officer, Part } from '../ports/documents';
import type { Files, StoredFile } from '../ports/files';
import type { Queue } from '../ports/queue';
import type { Store } from '../ports/store';
import type { Log, Universe } from '../ports/universe';

/** A promised date by the rules of the procedure; null where no rule is known. */
export interface Proposal {
  /** yyyy-mm-dd */
  readonly dueOn: string;
  /** False when a holiday on the way is not official yet. */
  readonly confirmed: boolean;
  /** One line in Vietnamese for the officer: from when, how many days, by which rule. */
  readonly why: string;
}

export interface ProcedureName {
  readonly slug: string;
  readonly code: string;
  readonly name: string;
}

export interface CommuneName {
  readonly code: string;
  readonly name: string;
  readonly provinceCode: string;
  readonly provinceName: string;
}

/** The declaration of a procedure. */
export interface FormOfDesk {
  readonly title: string;
  /** The form's official number; null where none could be confirmed. */
  readonly number: string | null;
  /** Names of its cells, in the order of the form. */
  readonly cells: readonly string[];
  pdf(dossier: Dossier, agency: Agency): Promise<Buffer>;
  /** `official`: the agency's own file. @throws AppError `file-refused` */
  docx(dossier: Dossier, agency: Agency, official: Buffer | undefined): Promise<Buffer>;
  /** Our own layout with its cells, to begin an official file from. */
  template(): Promise<Buffer>;
  /** How an official file and the form agree. @throws AppError `file-refused` with `details.why`, `details.part` */
  check(bytes: Buffer): Promise<{ readonly missing: readonly string[]; readonly unknown: readonly string[] }>;
}

export interface DeskDeps {
  readonly store: Store;
  readonly files: Files;
  readonly queue: Pick<Queue, 'ring'>;
  readonly universe: Universe;
  readonly log: Log;
  readonly speech: Speech;
  readonly officers: Officers;
  /** Talks with citizens. `nonce` makes a repeated form harmless; `gone`: there is no such talk any more. */
  readonly converse: {
    officerSays(
      conversationId: string,
      text: string,
      officer: Pick<Officer, 'id' | 'name'>,
      nonce: string,
    ): Promise<'done' | 'seen' | 'gone'>;
    release(conversationId: string, nonce: string): Promise<'done' | 'seen' | 'gone'>;
  };
  /** One more try of a delivery that was given up; `false`: there is nothing to try again. */
  readonly retryDelivery: (key: string) => Promise<boolean>;
  /** `receivedAt` in ms epoch; pauses that are over. */
  readonly proposeDueOn: (
    procedure: string,
    agency: Agency,
    receivedAt: number,
    pauses: Part['pauses'],
  ) => Proposal | null;
  /** The fee of a dossier by the facts, in đồng, before exemptions; null where it is not known. */
  readonly proposeFee: (dossier: Dossier, agency: Agency) => number | null;
  /** Declarations by procedure. */
  readonly forms: { of(procedure: string): FormOfDesk | null };
  /** All photos of a dossier as one file. */
  readonly photoBundle: Readonly<
    Record<'pdf' | 'zip', (files: readonly StoredFile[], title: string) => Promise<Buffer>>
  >;
  /** Procedures that an agency may switch on. */
  readonly procedures: () => readonly ProcedureName[];
  /** Communes by what is typed, best first. */
  readonly findCommunes: (typed: string) => readonly CommuneName[];
  /** Would this address take parcels? The rules of the receiver itself. */
  readonly mayReceive: (url: string) => boolean;
  /** Agencies or officers changed: whoever keeps a copy reads again. */
  readonly agenciesChanged: () => Promise<void>;
  /** The public address is https. */
  readonly secure: boolean;
  /** Without a slash at the end; one-time links begin with it. */
  readonly publicUrl: string;
}
