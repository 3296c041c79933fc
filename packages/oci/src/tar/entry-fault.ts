/** What an entry of a tar does wrong, in plain words. The reader of the tar adds in which layer and where it is. */
export class EntryFault extends Error {
  override readonly name = 'EntryFault';
}
