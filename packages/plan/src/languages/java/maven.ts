import type { BuildPlan } from '../../plan/build-plan.js';
import { textOf } from '../../source/manifest.js';
import { ARCHIVES } from '../../plan/nixpkgs-archives.js';
import { AFTER_INSTALL_AND_SETUP, buildPhase, setupPhase } from '../../plan/phase.js';
import type { Environment, PlanContext, Provided } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import { javaWish } from './java-wish.js';
import { jdkPackage } from './jdk.js';
import { mavenWish } from './wrapper-wish.js';

const WRAPPER = ['mvnw', '.mvn/wrapper/maven-wrapper.properties'] as const;
const GOALS =
  '-DoutputFile=target/mvn-dependency-list.log -B -DskipTests clean dependency:list install';

/** A source with a pom, or none. */
export function mavenPlan(source: SourceTree, env: Environment, context: PlanContext): Provided {
  const jdk = jdkPackage(env, undefined, context);
  const hasWrapper = WRAPPER.every((file) => source.has(file));
  const executable = hasWrapper ? 'chmod +x ./mvnw && ./mvnw' : 'mvn';
  const plan: BuildPlan = {
    phases: {
      setup: setupPhase([jdk.choice, 'maven'], { nixpkgsArchive: ARCHIVES.java }),
      build: buildPhase([`${executable} ${GOALS}`], {
        dependsOn: AFTER_INSTALL_AND_SETUP,
        cacheDirectories: ['.m2/repository'],
      }),
    },
    start: { cmd: startCommand(source) },
  };
  const runtimes = [...javaWish(source, env, 'maven'), ...mavenWish(source)];
  return { plan, hints: { runtimes }, decisions: [jdk] };
}

function startCommand(source: SourceTree): string {
  if (!source.has('pom.xml')) return 'java $JAVA_OPTS -jar target/*jar';
  return `java ${portOption(textOf(source, 'pom.xml'))} $JAVA_OPTS -jar target/*jar`;
}

function portOption(pom: string): string {
  if (pom.includes('<groupId>org.wildfly.swarm')) return '-Dswarm.http.port=$PORT';
  const isSpring =
    pom.includes('<groupId>org.springframework.boot') && pom.includes('<artifactId>spring-boot');
  return isSpring ? '-Dserver.port=$PORT' : '';
}
