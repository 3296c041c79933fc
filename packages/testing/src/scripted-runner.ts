import type { Command, CommandResult, Runner } from '@nx-nixpack/base';

/** What a scripted program does: its output and exit code, or anything that a function of the command decides. */
export type Script =
  | { readonly stdout?: string; readonly stderr?: string; readonly exitCode?: number }
  | Partial<CommandResult>
  | ((command: Command) => Partial<CommandResult> | Promise<Partial<CommandResult>>);

export interface ScriptedRunner extends Runner {
  /** The commands that were run, in order. */
  readonly commands: readonly Command[];
}

/** A runner that starts nothing: programs by name, everything else is "not found" (ENOENT). */
export function scriptedRunner(scripts: Readonly<Record<string, Script>>): ScriptedRunner {
  const commands: Command[] = [];
  return {
    commands,
    async run(command) {
      commands.push(command);
      const script = Object.hasOwn(scripts, command.file) ? scripts[command.file] : undefined;
      if (script === undefined)
        throw Object.assign(new Error(`spawn ${command.file} ENOENT`), { code: 'ENOENT' });
      return complete(typeof script === 'function' ? await script(command) : script);
    },
  };
}

function complete(script: {
  readonly [Member in keyof CommandResult]?: CommandResult[Member] | string | undefined;
}): CommandResult {
  const { stdout = '', stderr = '', ...rest } = script;
  return {
    exitCode: 0,
    signal: undefined,
    timedOut: false,
    aborted: false,
    truncated: false,
    ...(rest as Partial<CommandResult>),
    stdout: Buffer.from(stdout as string | Buffer as string),
    stderr: Buffer.from(stderr as string | Buffer as string),
  };
}
