import type { Amendment } from '../amendments/amendment.js';
import { maven } from '../extensions/java.js';
import { mavenPlan } from '../languages/java/maven.js';

/** Maven, where a source can be built with either: it is in a registry, and Gradle is on a host of its own. */
export const mavenBesideGradle: Amendment = {
  name: 'maven-beside-gradle',
  providers: ['java'],
  amend({ source, env, context, over }) {
    if (context.toolchain !== 'debian' || !source.has('gradlew') || !source.has('pom.xml'))
      return undefined;
    if (over.phases?.['build']?.cmds !== undefined) return undefined;
    const { plan, hints = {} } = mavenPlan(source, env, context);
    const cmd = context.extensions ? maven(source)?.cmd : undefined;
    return {
      plan: cmd === undefined ? plan : { ...plan, start: { cmd } },
      hints,
      decisions: [
        {
          subject: 'build tool',
          choice: 'maven',
          because: 'pom.xml is beside gradlew, and no registry has Gradle',
        },
      ],
    };
  },
};
