export type {
  Component,
  ComponentId,
  ComponentType,
  ConsumerComponent,
  Deployment,
  EngineName,
  ImageVars,
  NixpackComponent,
  NixpackSettings,
  NixpackVars,
  SbomFormat,
  Target,
} from './component.js';
