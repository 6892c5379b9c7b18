"""The installed package in a project of somebody else, outside of the tree.

    package_test.py CMAKE SOURCE BUILD [TEST…]

The package is installed, then moved. The project is built and audited by the lines that the README has for CI.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import yaml

CMAKE, SOURCE, BUILD = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
HERE = pathlib.Path(__file__).parent
README = (SOURCE / "README.md").read_text()
WRONG = "wrong, and said so"


def blocks(language):
    """The blocks of the README in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


GITHUB, GITLAB = (yaml.safe_load(block) for block in blocks("yaml"))


def commands_of(lines):
    """The commands of several lines of shell, one line each."""
    return [" ".join(line.split()) for line in lines.replace("\\\n", " ").splitlines()]


def github_commands():
    steps = GITHUB["jobs"]["softmax"]["steps"]
    return [command for step in steps if "run" in step for command in commands_of(step["run"])]


def gitlab_commands():
    return [command for lines in GITLAB["softmax"]["script"] for command in commands_of(lines)]


def tools(commands):
    """Those lines that build the project and audit it."""
    return [command for command in commands if command.startswith(("cmake ", "ctest "))]


def run(*command, **options):
    return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="softmax-audit-package-")
        cls.addClassCleanup(scratch.cleanup)
        cls.scratch = pathlib.Path(scratch.name)
        cls.first = cls.scratch / "first"
        cls.project = cls.scratch / "project"
        cls.prefix = cls.project / "audit-prefix"
        installed = run(CMAKE, "--install", BUILD, "--prefix", cls.first, "--strip")
        assert installed.returncode == 0, installed.stdout
        shutil.copytree(HERE / "consumer", cls.project)
        cls.first.rename(cls.prefix)
        cls.program = cls.prefix / "bin/softmax-audit"

    def test_refers_to_no_place_that_it_was_in(self):
        files = [path for path in self.prefix.rglob("*") if path.is_file()]
        self.assertIn(self.program, files)
        for path in files:
            for place in (*SOURCE.iterdir(), BUILD, self.first):
                self.assertNotIn(os.fsencode(place), path.read_bytes(), path)

    def test_takes_python_targets(self):
        shutil.copy(SOURCE / "impls/foreign/testing/honest.py", self.scratch / "mine.py")
        told = run(self.program, "replay", "softmax:f32:row=0x0p+0,0x0p+0", "--target", "python:mine.py:softmax",
                   cwd=self.scratch, env={**os.environ, "SOFTMAX_AUDIT_PYTHON": sys.executable})
        self.assertEqual(told.returncode, 0, told.stdout)
        self.assertIn("0x1p-1", told.stdout)

    def test_audits_a_project_by_the_lines_of_the_readme(self):
        lines = tools(github_commands())
        self.assertEqual([line.split()[:2] for line in lines],
                         [["cmake", "-S"], ["cmake", "--build"], ["ctest", "--test-dir"]])
        for line in lines[:-1]:
            done = run("sh", "-ec", line, cwd=self.project)
            self.assertEqual(done.returncode, 0, done.stdout)
        audited = run("sh", "-ec", lines[-1], cwd=self.project)
        self.assertNotEqual(audited.returncode, 0, audited.stdout)

        tests = xml.etree.ElementTree.parse(self.project / "build/softmax.xml").getroot().iter("testcase")
        ended = {test.get("name"): test.get("status") for test in tests}
        self.assertEqual(ended, {"my_softmax": "run", "my_plugin": "run", WRONG: "fail"}, audited.stdout)

        def found(test):
            written = self.project / "build/softmax-audit" / test / "findings.json"
            return json.loads(written.read_text())["findings"]

        self.assertEqual(found("my_softmax"), [])
        self.assertEqual(found("my_plugin"), [])
        finding = next(one for one in found(WRONG) if one["law"] == "normalization")
        self.assertEqual((finding["map"], finding["format"]), ("log_softmax", "f64"))
        self.assertIn("normalization (log_softmax, f64)", audited.stdout)
        self.assertIn(finding["replay"], audited.stdout)
        self.assertIn("double *y, size_t n,  const double *x, size_t rows);", finding["replay"])
        self.assertIn(":seed=7:", audited.stdout)
        for part in ("report.md", "junit.xml", "findings.sarif", "index.html"):
            written = self.project / "build/softmax-audit" / WRONG / part
            self.assertIn("normalization", written.read_text(), part)
        self.assertIn("build/softmax-audit/my_softmax/findings.sarif", blocks("yaml")[0])
        self.assertTrue((self.project / "build/softmax-audit/my_softmax/findings.sarif").exists())

        again = run("sh", "-ec", finding["replay"])
        self.assertEqual(again.returncode, 1, again.stdout)

        shown = json.loads(run("ctest", "--test-dir", "build", "--show-only=json-v1", cwd=self.project).stdout)
        properties = {test["name"]: {one["name"]: one["value"] for one in test["properties"]}
                      for test in shown["tests"]}
        self.assertTrue(all(of_one["RUN_SERIAL"] for of_one in properties.values()))
        self.assertEqual(properties[WRONG]["TIMEOUT"], 600)
        self.assertNotIn("TIMEOUT", properties["my_softmax"])

    def refusal(self, arguments, find="find_package(softmax_audit REQUIRED)"):
        """What CMake says to a project that asks so."""
        project = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        (project / "below").mkdir()
        (project / "below/CMakeLists.txt").write_text("find_package(softmax_audit REQUIRED)")
        (project / "CMakeLists.txt").write_text(f"""
cmake_minimum_required(VERSION 3.25)
project(refused LANGUAGES NONE)
enable_testing()
{find}
add_library(shared SHARED IMPORTED)
set_target_properties(shared PROPERTIES IMPORTED_LOCATION /nowhere/libshared.so)
add_library(static STATIC IMPORTED)
add_library(interface INTERFACE)
add_executable(program IMPORTED)
softmax_audit_add_test({arguments})
""")
        told = run(CMAKE, "-S", project, "-B", project / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        return told.returncode, " ".join(told.stdout.split())

    def test_refuses_what_cannot_be_asked(self):
        wrong = {
            "TARGET shared": "there is no NAME; say what the test is called",
            "NAME a": "there is no TARGET; name the SHARED or MODULE library",
            "NAME a TARGET nowhere": "TARGET nowhere does not exist; call this after the add_library",
            "NAME a TARGET static": "TARGET static is of type STATIC_LIBRARY, which cannot be loaded; make it SHARED",
            "NAME a TARGET program": "TARGET program is of type EXECUTABLE, which cannot be loaded; make it SHARED",
            "NAME a TARGET interface": "TARGET interface is of type INTERFACE_LIBRARY",
            "NAME a TARGET shared SYMBOL f": 'SYMBOL f has no SIGNATURE; say how it is called, as "void (const f32 *x',
            'NAME a TARGET shared SIGNATURE "void (f32 *x)"': "there is a SIGNATURE, but no SYMBOL; name the function",
            "NAME a TARGET shared SIGNATURE void (f32 *x)": "is no argument of it; give NAME, TARGET",
            "NAME a TARGET shared ROWS 3": "'ROWS;3' is no argument of it; give NAME, TARGET",
            "NAME a TARGET shared FORMAT SEED 3": "FORMAT has no value; give one, or leave it out",
            "NAME a TARGET shared TIMEOUT 0": "TIMEOUT 0 is no time; give seconds, more than 0",
        }
        for arguments, reason in wrong.items():
            with self.subTest(arguments):
                status, said = self.refusal(arguments)
                self.assertNotEqual(status, 0)
                self.assertIn("softmax_audit_add_test: ", said)
                self.assertIn(reason, said)
        self.assertIn("call find_package(softmax_audit) here or above",
                      self.refusal("NAME a TARGET shared", find="add_subdirectory(below)")[1])

    def test_takes_one_major_version(self):
        major, minor = map(int, re.search(r"project\(softmax_audit VERSION (\d+)\.(\d+)",
                                          (SOURCE / "CMakeLists.txt").read_text()).groups())

        def asked_for(version):
            return self.refusal("NAME a TARGET shared", find=f"find_package(softmax_audit {version} REQUIRED)")

        self.assertEqual(asked_for(f"{major}.{minor}")[0], 0)
        for other in (f"{major}.{minor + 1}", f"{major + 1}.0"):
            status, said = asked_for(other)
            self.assertNotEqual(status, 0)
            self.assertIn("compatible with requested version", said)


class Readme(unittest.TestCase):
    def test_shows_what_the_project_has(self):
        self.assertIn(blocks("cmake")[0], (HERE / "consumer/CMakeLists.txt").read_text())
        self.assertEqual(blocks("c")[0], (HERE / "consumer/my_plugin.c").read_text())

    def test_has_the_same_lines_for_github_and_gitlab(self):
        def installs(commands):
            return [command for command in commands if command.startswith("apt-get")]

        for part in (tools, installs):
            self.assertEqual(part(github_commands()), part(gitlab_commands()))
            self.assertTrue(part(github_commands()))

    @unittest.skipUnless(shutil.which("dpkg"), "not a Debian")
    def test_names_the_packages_that_are_needed_at_run_time(self):
        not_named = {"libc6", "libgcc-s1", "libstdc++6", "libasan8", "libubsan1", "libtsan2"}  # everywhere; sanitizers
        programs = [BUILD / name for name in ("softmax-audit", "softmax-audit-worker", "python/python.so")]
        # A package may say /lib/… for what the loader finds as /usr/lib/…, or the other way round; /usr/lib32 is neither.
        libraries = set(re.findall(r" => (?:/usr)?(/\S+)", run("ldd", *programs).stdout))
        owners = run("dpkg", "-S", *libraries, *(f"/usr{library}" for library in libraries)).stdout
        needed = set(re.findall(r"^([^:\s]+):\S* /", owners, re.MULTILINE))
        install = next(command for command in github_commands() if command.startswith("apt-get install"))
        named = {word for word in install.split() if re.match(r"lib|ocl|zlib", word)}
        self.assertEqual(named, needed - not_named)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
