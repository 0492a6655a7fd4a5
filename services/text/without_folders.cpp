#include "services/text/without_folders.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

/// Whether a file name could continue with this character.
bool goes_on(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'
         || c == '.';
}

/// Whether a path begins at `at`, rather than in the middle of a longer one.
bool begins_path(const std::string& text, size_t at) {
  return at == 0 || !(goes_on(text[at - 1]) || text[at - 1] == '/');
}

void take_out(std::string& text, const std::string& folder) {
  for (size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) {
    auto end = at + folder.size();
    if (!begins_path(text, at) || (end < text.size() && goes_on(text[end])))
      at = end;
    else if (end < text.size() && text[end] == '/')
      text.erase(at, folder.size() + 1);
    else
      text.erase(at, folder.rfind('/') + 1);
  }
}

} // namespace

std::string without_folders(std::string text,
                            std::vector<std::string> folders) {
  std::erase_if(folders, [](const std::string& x) {
    return x.size() < 2 || x.front() != '/' || x.back() == '/';
  });
  // A folder may be inside another one, so longer paths are replaced first.
  std::sort(folders.begin(), folders.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const auto& folder : folders)
    take_out(text, folder);
  return text;
}

} // namespace darkroom
