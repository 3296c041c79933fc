/** Serves the files of a single-page app. Read at start: both variables come from the run-time environment. */
export const CADDYFILE = `{
	admin off
	persist_config off
	auto_https off
	log {
		format json
	}
	servers {
		trusted_proxies static private_ranges 100.0.0.0/8
	}
}

:{$PORT:3000} {
	log {
		format json
	}
	root * "/app/{$NIXPACKS_SPA_OUTPUT_DIR}"
	encode gzip
	rewrite /health /index.html
	try_files {path} /index.html
	file_server
}
`;
