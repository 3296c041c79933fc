import { setting } from './environment.js';
import { DEFAULT_JDK, integer } from './java/jdk.js';
import { javaWish } from './java/java-wish.js';
import type { RuntimeWish } from '../plan/build-plan.js';
import { textOf } from '../source/manifest.js';
import type { SourceTree } from '../source/source-tree.js';
import { AFTER_INSTALL_AND_SETUP, buildPhase, setupPhase } from '../plan/phase.js';
import type { Environment, Provider } from './provider.js';

const MANIFEST = 'build.sbt';
const PROPERTIES = 'project/build.properties';
const SBT_VERSION = /^\s*sbt\.version\s*[=:]\s*(\S+)/m;
const OUTPUT = './target/universal/stage';
const DEFAULT = { package: 'jdk17', image: '17.0.9_9-jre-jammy' } as const;
/** Packages and run images by JDK version; any other version gets the default. Origin: nixpacks 1.41.0 (2025). */
export const SCALA_JDKS: ReadonlyMap<number, { readonly package: string; readonly image: string }> =
  new Map([
    [21, { package: 'jdk21', image: '21.0.1_12-jre-jammy' }],
    [20, { package: 'jdk20', image: '20.0.2_9-jre-jammy' }],
    [19, { package: 'jdk', image: '19.0.2_7-jre-jammy' }],
    [11, { package: 'jdk11', image: '11.0.21_9-jre-jammy' }],
    [8, { package: 'jdk8', image: '8u392-b08-jre-jammy' }],
  ]);

export const scala: Provider = {
  name: 'scala',

  detect: (source) => source.has(MANIFEST),

  plan(source, env) {
    if (!source.has(MANIFEST)) return undefined;
    const jdk = SCALA_JDKS.get(jdkVersion(env)) ?? DEFAULT;
    return {
      plan: {
        phases: {
          setup: setupPhase([{ name: 'sbt', override: ['jre', jdk.package] }]),
          build: buildPhase(['sbt stage'], {
            dependsOn: AFTER_INSTALL_AND_SETUP,
            cacheDirectories: ['/root/.cache/coursier', '/root/.ivy2/cache', '/root/.sbt'],
          }),
        },
        start: {
          cmd: `${OUTPUT}/bin/main`,
          runImage: `eclipse-temurin:${jdk.image}`,
          onlyIncludeFiles: ['./target/universal'],
        },
      },
      hints: { runtimes: [...javaWish(source, env, 'sbt'), ...sbtWish(source)] },
      decisions: [
        { subject: 'JDK', choice: jdk.package, because: 'NIXPACKS_JDK_VERSION, else the default' },
      ],
    };
  },
};

/** The version of sbt that its launcher brings. */
function sbtWish(source: SourceTree): readonly RuntimeWish[] {
  const version = SBT_VERSION.exec(textOf(source, PROPERTIES))?.[1];
  return version === undefined ? [] : [{ name: 'scala', version, from: PROPERTIES }];
}

function jdkVersion(env: Environment): number {
  const variable = setting(env, 'JDK_VERSION');
  return variable === undefined ? DEFAULT_JDK : integer(variable, 'NIXPACKS_JDK_VERSION');
}
