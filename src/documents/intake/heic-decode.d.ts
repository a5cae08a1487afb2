/** What we use of heic-decode, which comes without types. */
declare module 'heic-decode' {
  interface HeicImage {
    readonly width: number;
    readonly height: number;
    /** RGBA, 8 bits each. @throws when the picture does not decode. */
    decode(): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }>;
  }
  interface Decode {
    /** Reads the containers only; pictures are decoded one by one. @throws when it is no HEIC. */
    all(source: { readonly buffer: Uint8Array }): Promise<HeicImage[] & { dispose(): void }>;
  }
  const decode: Decode;
  export default decode;
}
