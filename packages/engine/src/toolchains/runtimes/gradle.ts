import { absenceRefusal } from './refusal.js';
import type { Runtime } from './runtime.js';

const VERSION = /gradle-([0-9][A-Za-z0-9.+-]*?)-(?:bin|all)\.zip$/;

/**
 * No channel ships Gradle: a project's wrapper downloads it from where its properties say. Where that answers nothing of ours
 * is needed; where it does not, planning ends here instead of the build.
 */
export const gradle: Runtime = {
  name: 'gradle',
  channel: "the address in the project's wrapper",
  verified: 'distributionSha256Sum of the wrapper, where the project has it',
  license: 'Apache-2.0',

  wanted: (attribute) => (/^gradle(?:_[0-9]+)?$/.test(attribute) ? '' : undefined),

  async resolve(wish, sources) {
    const url = wish.version;
    if (wish.from === undefined || url === undefined || !/^https?:/.test(url))
      throw absenceRefusal(
        { name: 'gradle' },
        'it comes with a wrapper alone, and the source has none that names an address',
      );
    if (!(await sources.reachable(url)))
      throw absenceRefusal(wish, `its wrapper downloads ${url}, which does not answer`);
    const version = VERSION.exec(url)?.[1] ?? 'of-the-wrapper';
    return { version, archives: [], env: {}, packages: { run: [], build: [] } };
  },

  steps: () => ({ run: [], build: [] }),
};
