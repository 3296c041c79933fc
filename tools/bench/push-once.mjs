// Pushes a layout or pulls an image, once; a process of its own, so that it can be measured.
//   push LAYOUT REFERENCE | pull REFERENCE STORE
import { parseReference, pullImage, pushContent, readLayout, Store } from '@nx-nixpack/oci';
import { registryAccess } from '@nx-nixpack/sdk/system';

const [what, from, to] = process.argv.slice(2);
const platform = 'linux/amd64';
const access = registryAccess();
if (what === 'push') {
  const { tag, ...repository } = parseReference(to);
  await pushContent(await readLayout(from, { platform }), repository, { ...access, tags: [tag] });
} else {
  await pullImage(parseReference(from), { ...access, platform, store: Store.open(to) });
}
