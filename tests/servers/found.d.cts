/** The folder of the stand-in. */
export const standIn: string;
export function standInName(): string;
export function mongoKind(): 'real' | 'stand-in' | 'none';
export function redisVersion(): string | null;
export const required: boolean;
