import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from '../../tools/root.mjs';

const require = createRequire(join(root, 'packages', 'sdk', 'package.json'));
const BASES = join(root, 'dist', 'base-images');

/** A workspace of one deployment, `secrets`, whose images are built by the library without Nx. */
export class SdkWorkspace {
  constructor({ directory, store, host = {} }) {
    Object.assign(this, { directory, store });
    const { hostNetwork } = require('@nx-nixpack/sdk/system');
    this.host = { ...hostNetwork(), ...host };
  }

  /** Sources by component, and for each the text of its `vars` and `settings.nixpack` in the deployment file. */
  create(components) {
    this.write({ 'deployments/secrets.yaml': deploymentFile(components) });
    for (const [name, { files }] of Object.entries(components))
      for (const [path, text] of Object.entries(files)) this.write({ [`${name}/${path}`]: text });
    symlinkSync(BASES, join(this.directory, '.bases'));
  }

  write(files) {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.directory, path)), { recursive: true });
      writeFileSync(join(this.directory, path), text);
    }
  }

  /** Plans and builds one component. Returns what the build printed; throws with it. */
  async build(component, environment) {
    const sdk = require('@nx-nixpack/sdk');
    const { registryAccess } = require('@nx-nixpack/sdk/system');
    const lines = [];
    const say = (line) => void lines.push(line);
    const progress = { step: say, output: say, warn: say };
    const access = registryAccess(progress);
    const workspace = sdk.readWorkspace(this.directory);
    const found = sdk.findComponent(workspace, 'secrets', `nixpack/${component}`);
    const common = { workspaceRoot: this.directory, access, progress };
    sdk.writePlan(this.directory, await sdk.planImage({ ...common, ...found }));
    const request = {
      ...common,
      deployment: 'secrets',
      component: `nixpack/${component}`,
      storeDirectory: this.store,
    };
    const { signal } = new AbortController();
    await sdk.buildImage({ ...request, host: this.host, environment, signal }).catch((error) => {
      throw new Error(`${component}: ${error.message}\n${lines.slice(-40).join('\n')}`);
    });
    return lines.join('\n');
  }

  /** The layers of a component's image that are not its base's, unpacked from gzip. */
  ownLayers(component) {
    const image = join(this.outputs(component), 'image');
    const { platforms } = JSON.parse(readFileSync(join(image, 'image.json'), 'utf8'));
    return Object.values(platforms)[0]
      .layers.filter(({ origin }) => origin === 'own')
      .map(({ digest }) =>
        gunzipSync(readFileSync(join(image, 'oci', 'blobs', ...digest.split(':')))),
      );
  }

  outputs(component) {
    return join(this.directory, 'dist', 'nixpack', 'secrets', 'nixpack', component);
  }
}

const deploymentFile = (components) => `deployment:
  name: secrets
  components:
    nixpack:
${Object.entries(components)
  .map(
    ([name, { vars = '', settings }]) => `      ${name}:
        vars: { source: ./${name}, start_cmd: 'true', workspace: 'off', ${vars} }
        settings: { nixpack: { publish: false, toolchain: base, ${settings} } }`,
  )
  .join('\n')}
`;
