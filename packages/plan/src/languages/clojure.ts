import { setting } from './environment.js';
import type { RuntimeWish } from '../plan/build-plan.js';
import type { Decision } from '../plan/explanation.js';
import { textOf } from '../source/manifest.js';
import { AFTER_INSTALL_AND_SETUP, buildPhase, setupPhase } from '../plan/phase.js';
import { trimmed } from '../source/plain-text.js';
import type { Environment, Provider } from './provider.js';
import type { SourceTree } from '../source/source-tree.js';

const MOVE_JARS =
  'if [ -d /app/target/default+uberjar ]; then find /app/target/default+uberjar -name "*.jar" -exec mv -t /app/target/ {} +; fi';
const START =
  'JAR_FILE=$(find /app/target -name "*-standalone.jar" -o -name "*.jar" ! -name "*-SNAPSHOT.jar" | head -n 1) && bash -c "java $JAVA_OPTS -jar $JAR_FILE"';

export const clojure: Provider = {
  name: 'clojure',

  detect: (source) => source.has('project.clj') || source.has('build.clj'),

  plan(source, env) {
    const version = jdk(source, env);
    const tool = source.has('build.clj') ? 'clojure' : 'leiningen';
    return {
      plan: {
        phases: {
          setup: setupPhase([tool, version.choice]),
          build: buildPhase([`${buildTool(source)}; ${MOVE_JARS}`], {
            dependsOn: AFTER_INSTALL_AND_SETUP,
          }),
        },
        start: { cmd: START },
      },
      hints: { runtimes: [...jdkWish(version), ...leiningenWish(source)] },
      decisions: [version],
    };
  },
};

function jdk(source: SourceTree, env: Environment): Decision & { readonly choice: string } {
  const variable = setting(env, 'JDK_VERSION');
  const wanted = trimmed(variable ?? textOf(source, '.jdk-version'));
  const choice = wanted === 'latest' ? 'jdk' : wanted === '11' ? 'jdk11' : 'jdk8';
  const because =
    variable !== undefined
      ? 'NIXPACKS_JDK_VERSION'
      : source.has('.jdk-version')
        ? '.jdk-version'
        : 'the default';
  const unknown = wanted !== '' && choice === 'jdk8' && wanted !== '8';
  return {
    subject: 'JDK',
    choice,
    because,
    ...(unknown ? { warning: `"${wanted}" is not known, only latest, 11 and 8` } : {}),
  };
}

/** A version that the source names is meant; `latest` leaves it open. */
function jdkWish({ choice, because }: ReturnType<typeof jdk>): readonly RuntimeWish[] {
  const version = /^jdk([0-9]+)$/.exec(choice)?.[1];
  if (version === undefined || because === 'the default') return [];
  return [{ name: 'java', version, from: because }];
}

function leiningenWish(source: SourceTree): readonly RuntimeWish[] {
  const least = /:min-lein-version\s+"([0-9.]+)"/.exec(textOf(source, 'project.clj'))?.[1];
  const from = ':min-lein-version of project.clj';
  return least === undefined ? [] : [{ name: 'leiningen', version: `>=${least}`, from }];
}

function buildTool(source: SourceTree): string {
  if (source.has('build.clj')) return 'clojure -T:build uber';
  const usesRing = textOf(source, 'project.clj').toLowerCase().includes('[lein-ring ');
  return usesRing ? 'lein ring uberjar' : 'lein uberjar';
}
