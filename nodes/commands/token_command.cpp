/// `darkroom token`: who may use the HTTP API.
#include "config/clock.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/deed_note.hpp"
#include "nodes/commands/flag_values.hpp"
#include "services/access/access_book.hpp"
#include "services/redis/explain_text.hpp"
#include "services/text/shown_json.hpp"
#include "services/text/text_table.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t longest_token_name = 100; // bytes

struct token_flags {
  command_flags common;
  std::string action = "list";
  std::string name; ///< create: what it is called; revoke: its name or id
  std::string role = "viewer";
  std::chrono::milliseconds expires{0};
  bool is_json = false;
};

const char* state_of(const kept_token& token, int64_t now) {
  return token.revoked_at > 0   ? "revoked"
         : is_valid(token, now) ? "valid"
                                : "expired";
}

json to_json(const kept_token& x, int64_t now) {
  return {{"id", x.id},
          {"name", x.name},
          {"role", to_string(x.role)},
          {"state", state_of(x, now)},
          {"createdAt", x.created_at},
          {"expiresAt", x.expires_at > 0 ? json(x.expires_at) : json{}},
          {"revokedAt", x.revoked_at > 0 ? json(x.revoked_at) : json{}}};
}

int run_create(access_book& book, const token_flags& flags, int64_t now) {
  auto role = role_named(flags.role);
  if (!role)
    return report(fail(ec::bad_input, "--role '" + flags.role
                                        + "' is not viewer, operator or "
                                          "admin"));
  if (flags.name.empty() || flags.name.size() > longest_token_name)
    return report(fail(ec::bad_input, "a token needs a name of at most "
                                        + std::to_string(longest_token_name)
                                        + " bytes, by which the audit log "
                                          "tells who did what"));
  auto made = make_token();
  kept_token token;
  token.id = made.id;
  token.name = flags.name;
  token.role = *role;
  token.hash = made.hash;
  token.created_at = now;
  if (flags.expires.count() > 0)
    token.expires_at = now + flags.expires.count();
  if (auto added = book.add(token, now); !added)
    return report(added.error());
  if (flags.is_json) {
    auto out = to_json(token, now);
    out["token"] = made.text;
    say(shown_json(out));
    return exit_ok;
  }
  say(made.text);
  note("this is shown once only: keep it where secrets are kept");
  return exit_ok;
}

int run_list(access_book& book, bool is_json, int64_t now) {
  auto tokens = book.tokens();
  if (!tokens)
    return report(tokens.error());
  if (is_json) {
    auto list = json::array();
    for (const auto& x : *tokens)
      list.push_back(to_json(x, now));
    say(shown_json(list));
    return exit_ok;
  }
  if (tokens->empty()) {
    say("no token: `darkroom token create NAME --role admin` makes one");
    return exit_ok;
  }
  text_table table{{"id", "name", "role", "state", "made", "expires"}};
  for (const auto& x : *tokens)
    table.add({x.id, x.name, to_string(x.role), state_of(x, now),
               local_time(x.created_at),
               x.expires_at > 0 ? local_time(x.expires_at) : "never"});
  for (const auto& line : table.lines())
    tell(line);
  return exit_ok;
}

int run_revoke(access_book& book, const token_flags& flags, int64_t now) {
  if (flags.name.empty())
    return report(fail(ec::bad_input, "revoke needs the token's name or id"));
  if (auto done = book.revoke(flags.name, now); !done)
    return report(done.error());
  if (flags.is_json)
    say(shown_json({{"revoked", flags.name}}));
  else
    tell("token '" + flags.name
         + "' is revoked; main nodes notice within two "
           "seconds");
  return exit_ok;
}

const flag_actions token_readers{{"--role", {"create"}},
                                 {"--expires", {"create"}},
                                 {"name", {"create", "revoke"}}};

int run_token(const CLI::App& command, const token_flags& flags) {
  auto fitting = check_flags(command, flags.action, token_readers);
  if (!fitting)
    return report(fitting.error());
  auto config = flags.common.load_or_exit().values;
  auto book = access_book::open(config.catalog);
  if (!book)
    return report(book.error());
  auto now = wall_clock_ms();
  auto acted = [&](int code) {
    return note_deed(config,
                     {"darkroom token " + flags.action, flags.name, code});
  };
  if (flags.action == "create")
    return acted(run_create(*book, flags, now));
  if (flags.action == "revoke")
    return acted(run_revoke(*book, flags, now));
  return run_list(*book, flags.is_json, now);
}

} // namespace

void add_token_command(CLI::App& program) {
  auto* token = program.add_subcommand("token",
                                       "who may use the HTTP API: makes, "
                                       "lists and revokes tokens");
  auto flags = std::make_shared<token_flags>();
  flags->common.add_to(*token);
  add_word(*token, "action", flags->action,
           {"action",
            {"list", "create", "revoke"},
            {{"ls", "list"},
             {"add", "create"},
             {"new", "create"},
             {"remove", "revoke"},
             {"rm", "revoke"},
             {"delete", "revoke"}}},
           "list (default), create, revoke");
  token->add_option("name", flags->name,
                    "create: what it is called; revoke: its name or id");
  auto* role = token->add_option(
    "--role", flags->role,
    "create: viewer (default) looks, operator acts, admin also removes the "
    "queue and reads the audit log");
  note_words(role, {"viewer", "operator", "admin"});
  add_duration(*token, "--expires", flags->expires,
               "create: valid for so long: 720h; without it until it is "
               "revoked");
  token->add_flag("--json", flags->is_json, "answer as JSON");
  token->final_callback(
    [token, flags] { std::exit(run_token(*token, *flags)); });
}

} // namespace darkroom
