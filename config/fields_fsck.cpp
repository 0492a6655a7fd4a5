/// Rows of fsck.
#include "config/fields.hpp"

namespace darkroom {

std::vector<field> fsck_fields() {
  using s = fsck_settings;
  constexpr rows_of<&settings::fsck> fsck{"fsck"};
  return {
    fsck.duration<&s::every>(
      "every", 0, day,
      "How often a main node compares a sample of catalog, queue and files; 0 "
      "= only `darkroom fsck` does."),
    fsck.number<&s::sample>(
      "sample", 1, 1000000,
      "Pictures, files and jobs per such look: with the defaults, 50,000 of "
      "each are seen in about four hours."),
    fsck.duration<&s::grace>(
      "grace", 0, day,
      "What changed within this time is left alone; longer than a result may "
      "wait for the catalog."),
    fsck.flag<&s::repair>(
      "repair", "Whether the main node repairs what it finds, or only tells: "
                "by metric, log and webhook."),
  };
}

} // namespace darkroom
