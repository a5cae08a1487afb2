/** A file as it is handed out. */
export interface StoredFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Bytes of attachments, sealed before they leave the process. */
export interface Files {
  /** Stores bytes under a random key that the caller chose. Durable when it resolves. Writing the same key again replaces nothing and succeeds. */
  put(key: string, bytes: Buffer): Promise<void>;
  /** @throws AppError `not-found` · `document-unreadable` when the seal does not open. */
  get(key: string): Promise<Buffer>;
  /** Removes; a missing key is fine. */
  remove(key: string): Promise<void>;
  close(): Promise<void>;
}
