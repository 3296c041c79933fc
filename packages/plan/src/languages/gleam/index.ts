import { list, parseToml, text } from '@nx-nixpack/data';

import { GET_GLEAM } from './get-gleam.js';
import { facts, requireManifest } from '../../source/manifest.js';
import { buildPhase, installPhase, setupPhase } from '../../plan/phase.js';
import type { Provider } from '../provider.js';

const MANIFESTS = ['gleam.toml', 'manifest.toml'] as const;
const OUTPUT = 'build/erlang-shipment';
const manifest = facts({ packages: list(facts({ name: text(), version: text() })) });

export const gleam: Provider = {
  name: 'gleam',

  detect: (source) => MANIFESTS.every((file) => source.files(file).length > 0),

  plan(source) {
    const { packages } = requireManifest(source, 'manifest.toml', parseToml, manifest);
    const library = packages.find(({ name }) => name === 'gleam_stdlib');
    const version = library?.version ?? 'main';
    return {
      plan: {
        staticAssets: { 'get-gleam.sh': GET_GLEAM },
        phases: {
          setup: setupPhase(['wget', 'erlang', 'elixir', 'rebar3']),
          install: installPhase([`sh /assets/get-gleam.sh ${version}`, 'gleam deps download'], {
            onlyIncludeFiles: MANIFESTS,
          }),
          build: buildPhase(['gleam export erlang-shipment']),
        },
        start: { cmd: `./${OUTPUT}/entrypoint.sh run`, onlyIncludeFiles: [OUTPUT] },
      },
      hints: { runtimes: [{ name: 'gleam', version, from: 'gleam_stdlib in manifest.toml' }] },
      decisions: [
        { subject: 'gleam version', choice: version, because: 'gleam_stdlib in manifest.toml' },
      ],
    };
  },
};
