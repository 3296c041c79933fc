export {
  byteStringOf,
  bytesOf,
  compareBytes,
  compareText,
  decodeText,
  encodeText,
} from './byte-string.js';
export type { ByteString } from './byte-string.js';
export { canonicalJson } from './canonical-json.js';
export { commitFile, syncDirectory } from './commit-file.js';
export { describeProblem, ERROR_CODES, UserError } from './errors.js';
export type { ErrorCode, Position, Problem } from './errors.js';
export { joinPath, readFileBytes, walk } from './file-tree.js';
export type { Entry, EntryType, FileTree } from './file-tree.js';
export { silent } from './ports.js';
export type {
  Command,
  CommandResult,
  HttpRequest,
  HttpResponse,
  HttpTransport,
  Progress,
  Runner,
} from './ports.js';
export { folderProblem, openPlainFile, readOpened, readPlainFile } from './plain-file.js';
export type { OpenedFile, PlainFileOptions, Unreadable } from './plain-file.js';
export { quote } from './quote.js';
export { redactor } from './redactor.js';
export { sanitize } from './sanitize.js';
export { excerpt, publicText, secretsRead } from './secrets-read.js';
export { didYouMean, nearest } from './suggest.js';
