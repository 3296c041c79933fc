/** Writes the configuration of nginx from its template, as `scripts/config/template.mjs` does: conditions, variables, places of programs. */
export const PRESTART_PHP = String.raw`<?php
[, $template, $output] = $argv;
$text = file_get_contents($template);
$text = preg_replace_callback(
    '/\$if\s*\((\w+)\)\s*\(([\s\S]*?)\)\s*else\s*\(([\s\S]*?)\)/',
    fn ($found) => getenv($found[1]) ? $found[2] : $found[3],
    $text,
);
$text = preg_replace_callback('/\$\{(\w+)\}/', fn ($found) => getenv($found[1]) ?: '', $text);
$text = preg_replace_callback(
    '/\$!\{([\w.+-]+)\}/',
    fn ($found) => dirname(realpath(trim(shell_exec('command -v ' . escapeshellarg($found[1])))), 2),
    $text,
);
file_put_contents($output, $text);
`;
