// Packs one directory into a store and prints what that took; a process of its own, so that its memory can be measured.
import { Store, packLayer } from '@nx-nixpack/oci';
import { directoryEntries } from './directory-entries.mjs';

const [directory, storeDirectory] = process.argv.slice(2);
const layer = await packLayer(directoryEntries(directory), Store.open(storeDirectory), {
  mtime: 0,
});
const { maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({ size: layer.size, digest: layer.digest, megabytes: Math.round(maxRSS / 1024) }),
);
