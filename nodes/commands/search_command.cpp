/// `darkroom search`: finds pictures by text or by likeness, by the main node's
/// HTTP API.
#include "config/words.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/main_flags.hpp"
#include "services/json/json.hpp"
#include "services/search/page_bounds.hpp"
#include "services/text/percent.hpp"
#include "services/text/shown_json.hpp"
#include "services/text/text_table.hpp"

#include <cstdio>

namespace darkroom {

namespace {

using nlohmann::json;

/// A provider may be slow to embed the query.
constexpr std::chrono::seconds search_timeout{30};

struct search_flags {
  main_flags main;
  std::string text;
  std::string like;
  std::string tag;
  std::string category;
  std::string mood;
  std::string after;
  std::string before;
  page_bounds page;
};

std::string similarity_of(const json& hit) {
  auto found = hit.find("similarity");
  if (found == hit.end() || !found->is_number())
    return "-";
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", found->get<double>());
  return text;
}

std::string word_rank_of(const json& hit) {
  auto found = hit.find("wordRank");
  return found != hit.end() && found->is_number_unsigned()
           ? std::to_string(found->get<uint64_t>())
           : "-";
}

std::string description_of(const json& image) {
  auto metadata = image.find("metadata");
  return metadata != image.end() ? text_member(*metadata, "description") : "";
}

uint64_t count_in(const json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned()
           ? found->get<uint64_t>()
           : 0;
}

/// "3 vectors of space local/m/512 and 5 descriptions were searched".
std::string scope_of(const json& searched) {
  auto space = text_member(searched, "space");
  auto out = (space.empty() ? std::string{"no vectors"}
                            : counted(count_in(searched, "vectors"), "vector")
                                + " of space " + space)
             + " and " + counted(count_in(searched, "texts"), "description")
             + " were searched";
  if (auto allowed = searched.find("allowed");
      allowed != searched.end() && allowed->is_number())
    out += "; the filters let "
           + counted(count_in(searched, "allowed"), "image") + " pass";
  return out;
}

void print_hits(const search_flags& flags, const json& answer) {
  text_table table{{"id", "similarity", "words", "file", "description"}};
  auto hits = answer.value("hits", json::array());
  for (const auto& x : hits) {
    const auto& image = x.at("image");
    table.add({text_member(image, "imageId"), similarity_of(x), word_rank_of(x),
               text_member(image, "filePath"), description_of(image)});
  }
  say_table(table);
  auto searched = answer.value("searched", json::object());
  if (hits.empty())
    tell("nothing was found: " + scope_of(searched));
  if (auto why = text_member(searched, "note"); !why.empty())
    note(why);
  auto shown = static_cast<uint64_t>(flags.page.offset) + hits.size();
  if (auto total = count_in(answer, "total"); !hits.empty() && total > shown)
    say(counted(total - shown, "more hit") + ": --offset "
        + std::to_string(shown));
}

std::string path_of(const search_flags& flags) {
  auto path = flags.like.empty()
                ? std::string{"/api/search"}
                : "/api/images/" + percent_encoded(flags.like) + "/similar";
  add_to_query(path, "q", flags.text);
  add_to_query(path, "limit", std::to_string(flags.page.limit));
  add_to_query(path, "offset", std::to_string(flags.page.offset));
  add_to_query(path, "tag", flags.tag);
  add_to_query(path, "category", flags.category);
  add_to_query(path, "mood", flags.mood);
  add_to_query(path, "after", flags.after);
  add_to_query(path, "before", flags.before);
  return path;
}

int run_search(const search_flags& flags) {
  if (flags.text.empty() == flags.like.empty()) {
    note("search needs either TEXT or --like; see darkroom search --help");
    return exit_usage;
  }
  auto answer = ask_main(flags.main.at(path_of(flags)), {}, search_timeout);
  if (!answer)
    return report(answer.error());
  if (flags.main.is_json)
    say(shown_json(*answer));
  else
    print_hits(flags, *answer);
  return exit_ok;
}

} // namespace

void add_search_command(CLI::App& program) {
  auto* search = program.add_subcommand(
    "search", "finds pictures by their descriptions, or by likeness");
  auto flags = std::make_shared<search_flags>();
  flags->main.add_to(*search);
  search->add_option("text", flags->text, "what to search for");
  search->add_option("--like", flags->like, "instead: pictures like this one")
    ->type_name("ID");
  add_number(*search, "--limit", flags->page.limit, {1, longest_page},
             "at most this many (20)");
  add_number(*search, "--offset", flags->page.offset, {0, last_offset},
             "leaves out the first hits");
  auto add = [&](const char* flag, std::string& into, const char* help) {
    search->add_option(flag, into, help);
  };
  add("--tag", flags->tag, "only pictures with this tag");
  add("--category", flags->category, "only pictures of this category");
  add("--mood", flags->mood, "only pictures of this mood");
  add("--after", flags->after, "only those added at or after: 2026-11-29");
  add("--before", flags->before, "only those added before");
  search->final_callback([flags] { std::exit(run_search(*flags)); });
}

} // namespace darkroom
