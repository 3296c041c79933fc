import type { RuntimeWish } from '../../plan/build-plan.js';
import { textOf } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';
import { WRAPPER_PROPERTIES } from './jdk.js';

const MAVEN_PROPERTIES = '.mvn/wrapper/maven-wrapper.properties';
const ADDRESS = /^distributionUrl\s*[=:]\s*(\S+)/m;
const MAVEN = /apache-maven-([0-9][\w.-]*?)-bin\./;

/** The version of Maven that the wrapper downloads. */
export function mavenWish(source: SourceTree): readonly RuntimeWish[] {
  const version = MAVEN.exec(addressIn(source, MAVEN_PROPERTIES) ?? '')?.[1];
  return version === undefined ? [] : [{ name: 'maven', version, from: MAVEN_PROPERTIES }];
}

/** Where the wrapper downloads Gradle from: no registry has it. */
export function gradleWish(source: SourceTree): readonly RuntimeWish[] {
  const version = addressIn(source, WRAPPER_PROPERTIES);
  return version === undefined ? [] : [{ name: 'gradle', version, from: WRAPPER_PROPERTIES }];
}

/** Properties files escape colons. */
const addressIn = (source: SourceTree, file: string): string | undefined =>
  ADDRESS.exec(textOf(source, file))?.[1]?.replaceAll('\\', '');
