/** The error table: every failure the house knows by name. `docs/errors.md` says the same to people; a test compares them. */

interface ErrorRow {
  /** HTTP status when the error reaches an edge. */
  readonly status: number;
  /** Locale key of the sentence a citizen or officer reads. */
  readonly key: string;
  /** May the same call succeed later without a change? */
  readonly retryable: boolean;
  /** Is it our fault (alert somebody) rather than the caller's? */
  readonly ours: boolean;
}

const row = (status: number, key: string, retryable: boolean, ours: boolean): ErrorRow => ({
  status,
  key,
  retryable,
  ours,
});

export const ERRORS = {
  'config-invalid': row(500, 'errors.internal', false, true),
  'flow-invalid': row(500, 'errors.internal', false, true),
  'facts-invalid': row(500, 'errors.internal', false, true),
  'condition-failed': row(500, 'errors.internal', false, true),
  'engine-bound': row(500, 'errors.internal', false, true),
  'document-too-large': row(413, 'errors.tooLarge', false, true),
  'document-unreadable': row(500, 'errors.internal', false, true),
  'key-unknown': row(500, 'errors.internal', false, true),
  'store-locked': row(503, 'errors.tryLater', true, true),
  'store-unavailable': row(503, 'errors.tryLater', true, true),
  'store-too-new': row(500, 'errors.internal', false, true),
  conflict: row(409, 'errors.stale', true, false),
  'not-found': row(404, 'errors.notFound', false, false),
  forbidden: row(403, 'errors.forbidden', false, false),
  'not-signed-in': row(401, 'errors.notSignedIn', false, false),
  'bad-request': row(400, 'errors.badRequest', false, false),
  'too-many-requests': row(429, 'errors.tooMany', true, false),
  'payload-too-large': row(413, 'errors.tooLarge', false, false),
  'signature-invalid': row(401, 'errors.badRequest', false, false),
  'move-not-allowed': row(409, 'errors.moveNotAllowed', false, false),
  'file-refused': row(415, 'errors.fileRefused', false, false),
  stopping: row(503, 'errors.tryLater', true, false),
  internal: row(500, 'errors.internal', true, true),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** A failure with a code of the table. `details` holds ids and numbers only, never an answer, a token or a phone number. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The code of any thrown value: `internal` for what the table does not know. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof AppError ? error.code : 'internal';
}
