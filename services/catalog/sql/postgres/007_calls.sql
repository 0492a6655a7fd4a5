-- Who described the picture, by which instructions, and what that took.
ALTER TABLE image_metadata ADD COLUMN provider_rank BIGINT NOT NULL DEFAULT 0; -- place in the list of providers; 0 = the first
ALTER TABLE image_metadata ADD COLUMN prompt_version TEXT NOT NULL DEFAULT ''; -- empty for local models
ALTER TABLE image_metadata ADD COLUMN tokens_in BIGINT NOT NULL DEFAULT 0; -- that the provider counted
ALTER TABLE image_metadata ADD COLUMN tokens_out BIGINT NOT NULL DEFAULT 0;
ALTER TABLE image_metadata ADD COLUMN cost BIGINT NOT NULL DEFAULT 0; -- millionths of the unit of the prices
