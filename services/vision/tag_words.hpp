/// Makes tags of what a model calls tags.
#pragma once

#include <string>
#include <vector>

namespace darkroom {

/// A tag: lower case, on one line, without "#", quotes and hidden characters,
/// 2 to 48 characters. Empty if that leaves no tag.
std::string as_tag(const std::string& text);

/// The tags among `texts`, each once, at most 30.
std::vector<std::string> as_tags(const std::vector<std::string>& texts);

} // namespace darkroom
