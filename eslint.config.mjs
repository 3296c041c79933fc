import nx from '@nx/eslint-plugin';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';
import { problemText } from './tools/lint-rules/problem-text.mjs';

/** Which layer may import which; the table of ARCHITECTURE.md. Each line is proven by tools/lint-canaries.mjs. */
const DIRECTIONS = {
  'layer:base': [],
  'layer:data': ['layer:base'],
  'layer:domain': ['layer:base', 'layer:data'],
  'layer:adapter': ['layer:base', 'layer:data', 'layer:domain'],
  'layer:composition': ['layer:base', 'layer:data', 'layer:domain', 'layer:adapter'],
  'layer:surface': ['layer:base', 'layer:data', 'layer:composition', 'room:deployment'],
  'layer:support': ['layer:base', 'layer:data', 'layer:domain'],
};

const PROCESSES = ['execa', 'node:child_process', 'child_process'];
const SOCKETS = ['undici', 'node:http', 'node:https', 'node:net', 'http', 'https', 'net'];
const IMPURE = [
  'node:fs',
  'node:fs/promises',
  'fs',
  'fs/promises',
  'node:os',
  'os',
  'node:process',
  'process',
];
const paths = (names, message) => names.map((name) => ({ name, message }));

const NO_PROCESS = paths(
  PROCESSES,
  'Processes are started by sdk/src/system; take the Runner port.',
);
const NO_SOCKET = paths(
  SOCKETS,
  'Sockets are opened by sdk/src/system; take the HttpTransport port.',
);
const NO_IMPURITY = paths(IMPURE, 'plan and data are pure: they get what they read.');
const DEEP = {
  group: ['@nx-nixpack/*/src/*', '@nx-nixpack/*/dist/*', '@nx-nixpack/*/src', '@nx-nixpack/*/dist'],
  message: 'Import what the package exports.',
};
const restricted = (...lists) => ({
  'no-restricted-imports': ['error', { paths: lists.flat(), patterns: [DEEP] }],
});

const SPECS = ['**/*.spec.ts', '**/*.contract.ts', '**/*.sample.ts'];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'examples/**',
      'tmp/**',
      '**/generated/**',
      '**/*.d.ts',
    ],
  },
  {
    files: ['packages/*/src/**/*.ts'],
    extends: [...tseslint.configs.strict],
    plugins: { '@nx': nx, 'import-x': importX, house: { rules: { 'problem-text': problemText } } },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    settings: {
      // Without the extensions import-x parses no TypeScript file and finds no cycle.
      'import-x/extensions': ['.ts'],
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: 'tsconfig.json',
          conditionNames: ['@nx-nixpack/source', 'import', 'require', 'default'],
        }),
      ],
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: Object.entries(DIRECTIONS).map(
            ([sourceTag, onlyDependOnLibsWithTags]) => ({
              sourceTag,
              onlyDependOnLibsWithTags,
            }),
          ),
        },
      ],
      'import-x/no-cycle': 'error',
      'house/problem-text': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "Property[key.name='shell']:not([value.value=false])",
          message: 'A host shell is never used: pass an argument list.',
        },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-dynamic-delete': 'off',
      ...restricted(NO_PROCESS, NO_SOCKET),
    },
  },
  {
    files: ['packages/{data,plan}/src/**/*.ts'],
    ignores: SPECS,
    rules: restricted(NO_PROCESS, NO_SOCKET, NO_IMPURITY),
  },
  { files: ['packages/sdk/src/system/**/*.ts'], rules: restricted() },
  // The registry of the specs listens on loopback; specs start what they test.
  { files: ['packages/testing/src/**/*.ts'], rules: restricted(NO_PROCESS) },
  {
    files: SPECS,
    rules: {
      ...restricted(),
      '@nx/enforce-module-boundaries': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
