import type { SourceTree } from '../../source/source-tree.js';
import { findInFiles } from '../../source/search.js';

const MANIFESTS = ['requirements.txt', 'pyproject.toml', 'Pipfile'] as const;
const PYTHON_FILES = '/**/*.py';
const POSTGRES = /django[^\n]db[^\n]backends[^\n]postgresql/;
const MYSQL = /django[^\n]db[^\n]backends[^\n]mysql|django_psdb_engine/;

/** Whether a manifest's text, comments included, names a dependency. */
export function usesPackage(source: SourceTree, name: string): boolean {
  return MANIFESTS.some(
    (file) => source.has(file) && source.read(file)?.toLowerCase().includes(name) === true,
  );
}

export const isDjango = (source: SourceTree): boolean =>
  source.has('manage.py') && usesPackage(source, 'django');

export const usesPostgres = (source: SourceTree): boolean =>
  findInFiles(source, PYTHON_FILES, POSTGRES) !== undefined ||
  usesPackage(source, 'psycopg2') ||
  usesPackage(source, 'psycopg');

export const usesMysql = (source: SourceTree): boolean =>
  findInFiles(source, PYTHON_FILES, MYSQL) !== undefined;
