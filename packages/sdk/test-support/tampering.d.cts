export interface Place {
  /** The file or folder that is tampered with. */
  readonly path: string;
  /** The same of another component, and of an older build of this one. */
  readonly other: string;
  readonly older: string;
}
export type Tamperings = Readonly<Record<string, (place: Place) => void>>;
export const FILE_TAMPERINGS: Tamperings;
export const FOLDER_TAMPERINGS: Tamperings;
