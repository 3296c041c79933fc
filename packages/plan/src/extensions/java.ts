import { textOf } from '../source/manifest.js';
import type { SourceTree } from '../source/source-tree.js';
import { portOr, startExtension, type Start } from './start.js';

const PORT = 8080;
/** Plug-ins of Maven that leave jars beside the program's. */
const MORE_JARS = /<artifactId>maven-(?:source|javadoc|shade|assembly)-plugin<|<classifier>/;
const OTHERS = String.raw`grep -v -E '(-sources|-javadoc|-tests|-plain)\.jar$|/original-'`;

/** The jar that starts, where the build leaves several or puts it elsewhere. */
export const javaProgram = startExtension('java-program', ['java'], ({ source }) =>
  source.has('gradlew') ? gradle(source) : maven(source),
);

/** How to start what Maven leaves; undefined where nixpacks knows. */
export function maven(source: SourceTree): Start | undefined {
  const pom = textOf(source, 'pom.xml');
  if (pom.includes('<groupId>io.quarkus')) return quarkus('target');
  const module = moduleWithProgram(source, pom);
  const directory = module === undefined ? 'target' : `${module}/target`;
  const isWar = /<packaging>war<\/packaging>/.test(pom);
  if (module === undefined && !isWar && !MORE_JARS.test(pom)) return undefined;
  const spring = pom.includes('org.springframework.boot') ? `-Dserver.port=${portOr(PORT)} ` : '';
  const file = isWar ? `${directory}/*.war` : `$(ls -1 ${directory}/*.jar | ${OTHERS} | head -n 1)`;
  return {
    cmd: `java ${spring}$JAVA_OPTS -jar ${file}`,
    because:
      module === undefined
        ? 'pom.xml, whose build leaves several files'
        : `module ${module} of pom.xml has the program`,
    guess:
      module === undefined
        ? undefined
        : `${module} was chosen among the modules of pom.xml: set start_cmd for another one`,
    ...(spring === '' ? {} : { port: PORT }),
  };
}

/** Of a project that only has modules: the one that Spring Boot or a plug-in packs as a program. */
function moduleWithProgram(source: SourceTree, pom: string): string | undefined {
  if (!/<packaging>pom<\/packaging>/.test(pom)) return undefined;
  const names = [...pom.matchAll(/<module>\s*([\w./-]+?)\s*<\/module>/g)].flatMap(
    ([, name]) => name ?? [],
  );
  return names.find((name) =>
    /spring-boot-maven-plugin|maven-shade-plugin|<mainClass>/.test(
      textOf(source, `${name}/pom.xml`),
    ),
  );
}

function gradle(source: SourceTree): Start | undefined {
  const build = textOf(source, 'build.gradle') + textOf(source, 'build.gradle.kts');
  return /io\.quarkus/.test(build) ? quarkus('build') : undefined;
}

const quarkus = (directory: string): Start => ({
  cmd: `java -Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=${portOr(PORT)} $JAVA_OPTS -jar ${directory}/quarkus-app/quarkus-run.jar`,
  because: 'Quarkus leaves its program in quarkus-app',
  port: PORT,
});
