import { embeddedWorker } from '@nx-nixpack/engine';
import { execaRunner } from './execa-runner.js';

// What the embedded engine starts inside its namespaces: see embeddedWorker.
void embeddedWorker(execaRunner);
