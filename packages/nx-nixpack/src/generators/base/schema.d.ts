export interface BaseOptions {
  readonly language: string;
  readonly version?: string;
  readonly tools?: string;
  readonly name?: string;
  readonly purpose?: 'build' | 'run';
  readonly deployment?: string;
  readonly image?: string;
  readonly skipFormat?: boolean;
}
