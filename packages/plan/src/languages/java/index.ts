import { gradlePlan } from './gradle.js';
import { mavenPlan } from './maven.js';
import type { Provider } from '../provider.js';

const FILES = ['pom.xml', 'pom.rb', 'pom.scala', 'pom.yaml', 'pom.yml', 'gradlew'] as const;
/** Directories, as nixpacks asks for them. */
const DIRECTORIES = ['pom.atom', 'pom.clj', 'pom.groovy'] as const;

export const java: Provider = {
  name: 'java',

  detect: (source) =>
    FILES.some((file) => source.has(file)) ||
    DIRECTORIES.some((directory) => source.isDirectory(directory)),

  plan: (source, env, context) =>
    source.has('gradlew') ? gradlePlan(source, env, context) : mavenPlan(source, env, context),
};
