import type { Image, Layer } from '@nx-nixpack/oci';
import type { BaseName, Recipe } from '../recipe/recipe.js';

/** The image of a recipe: its last stage's base with the layers that the steps made, configured as the recipe says. */
export function recipeImage(
  recipe: Recipe,
  bases: Readonly<Partial<Record<BaseName, Image>>>,
  layers: readonly Layer[],
): Image {
  return lastBase(recipe, bases)
    .createdAt(recipe.created)
    .append(...layers)
    .configure(recipe.config)
    .annotate(recipe.annotations);
}

function lastBase(recipe: Recipe, bases: Readonly<Partial<Record<BaseName, Image>>>): Image {
  let stage = recipe.stages.at(-1);
  while (stage && 'stage' in stage.base) {
    const { stage: name } = stage.base;
    stage = recipe.stages.find((one) => one.name === name);
  }
  const image = stage && 'image' in stage.base ? bases[stage.base.image] : undefined;
  if (!image) throw new Error('the last stage of the recipe has no base image');
  return image;
}
