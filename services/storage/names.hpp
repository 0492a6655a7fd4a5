/// The names of all files in the uploads folder; only this file makes them.
/// They are relative to the folder, with "/" between parts:
///
///   originals/<image>.<extension>
///   variants/<image>/<type>.<format>
///   variants/<image>/<type>.<timestamp>-<attempt>-<job>.<format>
///   variants/<image>/.<type>.<format>.<timestamp>-<attempt>-<job>.part
///   originals/.<image>.<extension>.<random>.part
///   darkroom.id
///   darkroom.main.<cluster>
///
/// The hidden files are incomplete; each is renamed once it is complete. Where
/// nothing can be renamed, variants have the names with the attempt instead.
#pragma once

#include "messages/records.hpp"

#include <string>

namespace darkroom {

/// Tells which folder this is: see `folder_mark.hpp`.
inline constexpr auto folder_mark_name = "darkroom.id";

/// The file in which the active main node leaves its mark: `main_mark.hpp`.
/// @param cluster any text that other clusters do not have
std::string main_mark_name(const std::string& cluster);

/// Whether `main_mark_name` gives such a name.
bool is_main_mark(const std::string& name);

/// `id` if it consists of 1 to 100 of [A-Za-z0-9_.-] and does not start with a
/// dot, else "~" and 32 hex digits of its BLAKE2b hash. No id leads out of its
/// folder, and no two ids share a name.
std::string safe_name(const std::string& id);

/// The name of an upload. @param extension "jpg", without a dot; made safe
std::string original_name(const std::string& image_id,
                          const std::string& extension);

/// The folder of an image's variants.
std::string variant_folder(const std::string& image_id);

/// @param variant_type "lg", … @param format "webp", "avif" or "jpeg"
std::string variant_name(const std::string& image_id,
                         const std::string& variant_type,
                         const std::string& format);

/// The suffix of all staged files of one attempt.
std::string staged_suffix(const attempt_stamp& stamp);

/// A hidden name in the folder of `final_name` that only one attempt uses.
std::string staged_name(const std::string& final_name,
                        const attempt_stamp& stamp);

/// Whether a variant was staged by this attempt, by an earlier attempt of its
/// job, or by a job that was added earlier.
bool is_staged_up_to(const std::string& name, const attempt_stamp& stamp);

/// A name for a variant that only one attempt ever uses, and that is final.
std::string attempt_name(const std::string& variant,
                         const attempt_stamp& stamp);

/// Whether `attempt_name` gives such a name.
bool is_attempt_name(const std::string& name);

/// Whether this attempt gave the name.
bool is_of_attempt(const std::string& name, const attempt_stamp& stamp);

/// Whether this attempt gave the name, an earlier attempt of its job, or a job
/// that was added earlier.
bool is_of_attempt_up_to(const std::string& name, const attempt_stamp& stamp);

/// The variant that `attempt_name` got; other names stay as they are.
std::string without_attempt(const std::string& name);

/// A hidden name in the folder of `final_name` that nobody else uses.
std::string upload_name(const std::string& final_name);

/// Whether `upload_name` gives such a name, for an image whose id is a
/// `random_id`: nobody else calls a file like that.
bool is_aside_upload(const std::string& name);

/// Whether a file with this real name cannot be an original, because Darkroom
/// gives such names to variants, staged files and marks.
bool is_ours(const std::string& real_name);

/// Whether this is the real name of a file in a folder of variants.
bool is_variant(const std::string& real_name);

/// Whether this is the name of a staged file or an upload.
bool is_staged(const std::string& name);

} // namespace darkroom
