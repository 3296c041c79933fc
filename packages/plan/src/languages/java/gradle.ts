import type { BuildPlan } from '../../plan/build-plan.js';
import { ARCHIVES } from '../../plan/nixpkgs-archives.js';
import { AFTER_INSTALL_AND_SETUP, buildPhase, setupPhase } from '../../plan/phase.js';
import type { Environment, PlanContext, Provided } from '../provider.js';
import { someContains } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';
import { javaWish } from './java-wish.js';
import { gradleWish } from './wrapper-wish.js';
import { gradlePackage, jdkPackage, WRAPPER_PROPERTIES } from './jdk.js';

const SPRING = [
  'org.springframework.boot',
  'spring-boot-gradle-plugin',
  'org.grails:grails-',
] as const;
const BUILD_FILES = ['build.gradle', 'build.gradle.kts'] as const;

/** A source with gradlew. */
export function gradlePlan(source: SourceTree, env: Environment, context: PlanContext): Provided {
  const gradle = gradlePackage(source, env, context);
  const jdk = jdkPackage(env, gradle.major, context);
  const executable = source.has(WRAPPER_PROPERTIES) ? './gradlew' : 'gradle';
  const permit = source.isExecutable('gradlew') ? [] : ['chmod +x gradlew'];
  const plan: BuildPlan = {
    phases: {
      setup: setupPhase([jdk.choice, gradle.choice], { nixpkgsArchive: ARCHIVES.java }),
      build: buildPhase([...permit, `${executable} clean build -x check -x test`], {
        dependsOn: AFTER_INSTALL_AND_SETUP,
        cacheDirectories: ['/root/.gradle'],
      }),
    },
    start: {
      cmd: `java $JAVA_OPTS -jar ${portOption(source)} $(ls -1 build/libs/*jar | grep -v plain)`,
    },
  };
  const asked = javaWish(source, env, 'gradle');
  // Gradle 6 and older run on no newer Java.
  const bound = gradle.major <= 6 ? [{ name: 'java', version: '11', from: jdk.because }] : [];
  const runtimes = [...(asked.length > 0 ? asked : bound), ...gradleWish(source)];
  return { plan, hints: { runtimes }, decisions: [jdk, gradle] };
}

/** Only the first build file that exists is looked into. */
function portOption(source: SourceTree): string {
  const file = BUILD_FILES.find((each) => source.has(each));
  const isSpring = file !== undefined && SPRING.some((name) => someContains(source, [file], name));
  return isSpring ? '-Dserver.port=$PORT' : '';
}
