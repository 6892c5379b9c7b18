// The front door: one subcommand each. interfaces.md section 1 says what they promise.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <new>
#include <string_view>

#include "commands/commands.hpp"

namespace {

using audit::commands::Options;

void add_timeout(CLI::App& command, Options& o) {
  command.add_option("--timeout", o.timeout, "seconds that a foreign target may take for one call")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
}

void add_effort(CLI::App& command, Options& o) {
  command.add_option("--effort", o.effort, "quick, standard, or exhaustive: every row of the small formats")
      ->capture_default_str();
}

void add_effort_and_seed(CLI::App& command, Options& o) {
  add_effort(command, o);
  command.add_option("--seed", o.seed, "names the random rows")->capture_default_str()->check(CLI::NonNegativeNumber);
}

CLI::App& add(CLI::App& app, const char* name, const char* what, int (*&chosen)(const Options&),
              int (*command)(const Options&)) {
  CLI::App& subcommand = *app.add_subcommand(name, what);
  subcommand.callback([&chosen, command] { chosen = command; });
  return subcommand;
}

void describe(CLI::App& app, Options& o, int (*&chosen)(const Options&)) {
  namespace commands = audit::commands;
  app.description("How accurate is this softmax, on which input is it worst, and did it get worse?");

  auto& run = add(app, "run", "audit every implementation; write records.jsonl and a page", chosen, commands::run);
  add_effort_and_seed(run, o);
  run.add_option("--out", o.out, "directory of the records and the page")->capture_default_str();
  run.add_option("--filter", o.filter, "regular expression on TARGET:MAP:FORMAT:FAMILY:n=N");
  run.add_option("--shard", o.shard, "I/N: the I-th of N parts, to be merged")->capture_default_str();
  add_timeout(run, o);
  run.add_flag("--resume", o.resume, "go on with a run that was stopped");
  run.add_option("--target", o.targets, "only this one (repeatable)");

  auto& check = add(app, "check", "hold targets against the laws and their claims", chosen, commands::check);
  check.add_option("TARGET", o.targets, "names from 'list targets', or shared objects: FILE.so, FILE.so:FUNCTION")
      ->required();
  add_effort(check, o);
  check.add_option("--seed", o.seeds, "names the random rows (repeatable: what does not depend on it is asked once)")
      ->allow_extra_args(false)
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  add_timeout(check, o);
  check.add_option("--json", o.json, "write the findings to this file");
  check.add_option("--out", o.reports, "write the records and every report on them, as run does, to this directory");
  check.add_option("--map", o.map, "only this map; with --symbol, what the function computes (softmax)");
  check.add_option("--format", o.format, "only this format");
  auto* symbol = check.add_option("--symbol", o.symbol, "audit this function of the shared object, whatever it is");
  auto* signature = check.add_option("--signature", o.signature,
                                     "how to call it, as 'void (const f32 *x, f32 *y, size_t rows, size_t n)'");
  symbol->needs(signature);
  signature->needs(symbol);

  auto& oracle = add(app, "oracle", "certified, correctly rounded values of a row", chosen, commands::oracle);
  oracle.add_option("INPUT", o.inputs, "numbers, or one FILE.npy with rows along its last axis");
  oracle.add_option("--map", o.map, "softmax where nothing is said");
  oracle.add_option("--format", o.format, "f64 where nothing is said");
  oracle.add_option("--temperature", o.temperature, "divides the logits")->capture_default_str();
  oracle.add_option("--operand", o.operand, "FILE.npy with the noise of gumbel_softmax, or the gradient of a VJP");
  oracle.add_option("--target", o.target, "FILE.npy with the class index of each row, for cross_entropy and its VJP");
  oracle.add_option("--tree", o.tree, "FILE.npy with the children of each inner node, for hierarchical_softmax");
  oracle.add_flag("--mean", o.mean, "the mean over the rows, for cross_entropy");
  oracle.add_flag("--json", o.as_json, "one object a row");

  auto& hunt = add(app, "hunt", "search for the row on which a target is worst", chosen, commands::hunt);
  hunt.add_option("TARGET", o.targets, "a name from 'list targets', or FILE.so:FUNCTION")->required()->expected(1);
  add_timeout(hunt, o);
  hunt.add_option("--map", o.map, "the target's map");
  hunt.add_option("--format", o.format, "only this format");
  hunt.add_option("--n", o.lengths, "row length (16)")->check(CLI::NonNegativeNumber)->expected(1);
  hunt.add_option("--seconds", o.seconds, "how long")->capture_default_str()->check(CLI::PositiveNumber);
  hunt.add_option("--seed", o.seed, "names the search")->capture_default_str()->check(CLI::NonNegativeNumber);
  hunt.add_option("--json", o.json, "write the records to this file");

  auto& speed =
      add(app, "speed", "time targets, verified first, beside a copy of the same bytes", chosen, commands::speed);
  speed.add_option("--target", o.targets, "only this one (repeatable)");
  add_timeout(speed, o);
  speed.add_option("--format", o.format, "only this format");
  speed.add_option("--n", o.lengths, "row length (repeatable)")->check(CLI::NonNegativeNumber);
  auto* versus = speed.add_option("--versus", o.versus, "compare with this one, in turn: TARGET");
  speed.add_option("--threshold", o.threshold, "per cent by which another time is a difference")
      ->capture_default_str()
      ->check(CLI::PositiveNumber)
      ->needs(versus);
  speed.add_option("--json", o.json, "write the records to this file");

  auto& replay = add(app, "replay", "ask one case again and show every element", chosen, commands::replay);
  add_timeout(replay, o);
  replay.add_option("CASE", o.case_id, "as findings and records print it")->required();
  replay.add_option("--target", o.targets, "a name from 'list targets', or FILE.so:FUNCTION")->required()->expected(1);

  auto& merge =
      add(app, "merge", "put the records of shards, or of machines of one platform, together", chosen, commands::merge);
  merge.add_option("DIR", o.directories, "what 'run --out' wrote")->required();
  merge.add_option("--out", o.out, "directory of the merged records and the page")->required();

  auto& gate = add(app, "gate", "hold a run against a baseline", chosen, commands::gate);
  gate.add_option("--baseline", o.baseline, "the committed baseline of this platform")->required();
  gate.add_option("--candidate", o.candidate, "what 'run --out' wrote")->required();
  gate.add_option("--junit", o.junit, "write the verdicts to this file as JUnit XML");
  gate.add_option("--markdown", o.markdown, "write what changed to this file, for a pull request or a step summary");
  auto* update = gate.add_flag("--update", o.update, "first take the candidate's figures into the baseline");
  gate.add_option("--because", o.because, "why figures may be worse than they were; kept in the baseline")
      ->needs(update);

  auto& report = add(app, "report", "write the page and the tables again from the records, or compare two runs", chosen,
                     commands::report);
  report.add_option("DIR", o.directories, "what 'run --out' wrote; of two, the second is held against the first")
      ->required()
      ->expected(1, 2);

  auto& peers = add(app, "peers", "measure the libraries that there are Python adapters for", chosen, commands::peers);
  add_effort_and_seed(peers, o);
  peers.add_option("--out", o.out, "directory of the records and the tables")->capture_default_str();

  auto& list = add(app, "list", "what there is", chosen, commands::list);
  list.add_option("TOPIC", o.topic, "targets, laws, maps, formats, families, or FILE.so")->capture_default_str();
}

/// CLI11 takes -inf for an option. A number after `oracle` gets the minus sign that papers print, U+2212.
std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> all(argv + 1, argv + argc);
  const bool numbers = !all.empty() && all[0] == "oracle";
  for (std::string& text : all)
    if (numbers && text.size() > 1 && text[0] == '-' &&
        std::string_view("0123456789.inIN").find(text[1]) != std::string_view::npos)
      text = "\u2212" + text.substr(1);
  return {all.rbegin(), all.rend()};  // CLI11 pops them from the back
}

int refuse(const std::string& what) {
  fmt::print(stderr, "softmax-audit: {}\n", what);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  int (*chosen)(const Options&) = nullptr;
  CLI::App app;
  describe(app, options, chosen);
  try {
    app.name("softmax-audit");
    app.parse(arguments(argc, argv));
    if (!chosen) return refuse("say what to do: run, check, oracle, …; 'softmax-audit --help' says what there is");
    return chosen(options);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return refuse(fmt::format("{}; 'softmax-audit --help' says what there is", error.what()));
  } catch (const audit::commands::Stopped& stopped) {
    fmt::print(stderr, "softmax-audit: {}\n", stopped.what());
    return 130;
  } catch (const std::bad_alloc&) {
    return refuse("out of memory; ask for shorter or fewer rows");
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}
