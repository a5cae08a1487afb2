/**
 * The error table: every failure the house knows by name. `docs/errors.md` says the same to people; a test compares them.
 * What a reader sees of one stands where they read: `pages.error` by status, `desk.error` by code.
 */

interface ErrorRow {
  /** HTTP status when the error reaches an edge. */
  readonly status: number;
  /** May the same call succeed later without a change? */
  readonly retryable: boolean;
  /** Is it our fault (alert somebody) rather than the caller's? */
  readonly ours: boolean;
}

const row = (status: number, retryable: boolean, ours: boolean): ErrorRow => ({ status, retryable, ours });

export const ERRORS = {
  'config-invalid': row(500, false, true),
  'flow-invalid': row(500, false, true),
  'facts-invalid': row(500, false, true),
  'engine-bound': row(500, false, true),
  'document-too-large': row(413, false, true),
  'document-unreadable': row(500, false, true),
  'key-unknown': row(500, false, true),
  'store-locked': row(503, true, true),
  'store-unavailable': row(503, true, true),
  'channel-unavailable': row(503, true, false),
  'store-too-new': row(500, false, true),
  conflict: row(409, true, false),
  'not-found': row(404, false, false),
  forbidden: row(403, false, false),
  'not-signed-in': row(401, false, false),
  'bad-request': row(400, false, false),
  'too-many-requests': row(429, true, false),
  'payload-too-large': row(413, false, false),
  'signature-invalid': row(401, false, false),
  'move-not-allowed': row(409, false, false),
  'file-refused': row(415, false, false),
  stopping: row(503, true, false),
  internal: row(500, true, true),
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
