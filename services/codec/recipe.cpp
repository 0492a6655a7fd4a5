#include "services/codec/recipe.hpp"

#include "services/storage/file_bytes.hpp"

#include <algorithm>

namespace darkroom {

namespace {

// Raise it with every change of our code that changes the files' bytes or how
// many files a picture has. Older results are then encoded again.
constexpr int recipe_version = 1;

std::string line_of(const planned_file& x) {
  const auto& order = x.order;
  std::string line = to_string(order.format);
  for (const auto& type : x.types)
    line += ' ' + type;
  line += ' ' + std::to_string(order.width) + 'x'
          + std::to_string(order.height);
  line += std::string{" "} + to_string(order.fit) + " q"
          + std::to_string(order.quality);
  if (order.format == picture_format::avif)
    return line + ' ' + order.tune; // without the effort
  return line + " e" + std::to_string(order.effort);
}

} // namespace

std::string recipe_hash(const std::vector<planned_file>& plan,
                        const imaging_settings& how,
                        const std::string& libraries) {
  std::vector<std::string> lines;
  lines.reserve(plan.size());
  for (const auto& x : plan)
    lines.push_back(line_of(x));
  std::sort(lines.begin(),
            lines.end()); // a plan's order follows from its effort
  auto text = "recipe " + std::to_string(recipe_version) + "\nstrictness "
              + how.strictness + "\nshare_files "
              + std::to_string(how.share_files) + "\nlibraries " + libraries;
  for (const auto& line : lines)
    text += '\n' + line;
  return sha256_of(text);
}

} // namespace darkroom
