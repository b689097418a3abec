/**
 * Models as jobs see them: a {@link org.halocline.sampler.model.ModelKind} reads its keys and makes a
 * {@link org.halocline.sampler.model.ModelPlan}, which tells grid, memory, forecast and parameters and opens a
 * {@link org.halocline.sampler.model.RankModel} on each rank. What a job does with a model is decided by the job.
 */
package org.halocline.sampler.model;
