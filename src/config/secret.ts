/** A secret that does not print. */
export interface Secret {
  reveal(): string;
  toJSON(): string;
}

export function secret(value: string): Secret {
  return { reveal: () => value, toJSON: () => '[hidden]' };
}
