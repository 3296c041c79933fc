import { inWorkspace } from '@nx-nixpack/base';
import type { NixpackComponent, NixpackVars } from '@nx-nixpack/deployment';
import { callerPlan } from './caller-plan.js';

const vars: NixpackVars = {
  source: inWorkspace`services/api`,
  pkgs: [],
  aptPkgs: [],
  installFiles: [],
  libs: [],
  workspace: 'auto',
  include: [],
  buildEnv: {},
  env: {},
  image: { tags: [], labels: {}, ports: [] },
};
const component = (change: Partial<NixpackVars>) =>
  ({ vars: { ...vars, ...change } }) as NixpackComponent;

describe('callerPlan', () => {
  it('is empty for a component that overrides nothing', () => {
    expect(callerPlan(component({}))).toEqual({});
  });

  it('adds packages to those of the provider and leaves its overlays alone', () => {
    expect(callerPlan(component({ pkgs: ['ffmpeg'], aptPkgs: ['curl'], libs: ['zlib'] }))).toEqual({
      phases: {
        setup: { nixPkgs: ['ffmpeg', '...'], aptPkgs: ['curl', '...'], nixLibs: ['zlib', '...'] },
      },
    });
  });

  it('replaces commands as the options of nixpacks do', () => {
    const plan = callerPlan(
      component({ installCmd: 'i', buildCmd: 'b', startCmd: 's', providers: ['python'] }),
    );
    expect(plan).toEqual({
      providers: ['python'],
      phases: {
        install: { dependsOn: ['setup'], cmds: ['i'] },
        build: { dependsOn: ['install'], cmds: ['b'] },
      },
      start: { cmd: 's' },
    });
  });
});
