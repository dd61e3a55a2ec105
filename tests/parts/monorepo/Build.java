// Builds and tests the Kotlin modules of fixtures/monorepo as its Gradle build says, for want of Gradle: each module compiled with
// the Kotlin compiler against the outputs of those it depends on, its tests run by JUnit under JaCoCo in a JVM of their own.
// Arguments: the folder of the monorepo, a folder for outputs, the folder of jars.

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

public final class Build {
    private static final String LIBRARY = "libs/http";
    private final Path root;
    private final Path out;
    private final Path jars;

    private Build(String[] args) {
        root = Path.of(args[0]);
        out = Path.of(args[1]);
        jars = Path.of(args[2]);
    }

    public static void main(String[] args) throws Exception {
        new Build(args).run();
    }

    private void run() throws Exception {
        List<String> modules = modules();
        if (!modules.remove(LIBRARY)) {
            throw new IllegalStateException("settings.gradle.kts does not include " + LIBRARY);
        }
        // It depends on nothing, and all others depend on it.
        modules.addFirst(LIBRARY);
        for (String module : modules) {
            compile(module);
        }
        for (String module : modules) {
            test(module);
        }
        report(modules);
    }

    /** The projects that settings.gradle.kts includes, as folders. */
    private List<String> modules() throws IOException {
        String settings = Files.readString(root.resolve("settings.gradle.kts"));
        String included = settings.substring(settings.indexOf("include(") + "include(".length());
        included = included.substring(0, included.indexOf(')'));
        List<String> modules = new ArrayList<>();
        for (String item : included.split(",")) {
            String name = item.strip().replace("\"", "");
            if (!name.isEmpty()) {
                modules.add(name.replace(':', '/'));
            }
        }
        return modules;
    }

    private void compile(String module) throws IOException {
        String library = module.equals(LIBRARY) ? "" : ":" + classes(LIBRARY, "main");
        compile(module, "main", runtime() + library, "");
        String tested = classes(module, "main").toString();
        for (String set : List.of("test", "integrationTest")) {
            compile(module, set, tested + ":" + runtime() + library + ":" + jar("junit-platform-console-standalone"), tested);
        }
    }

    private void compile(String module, String set, String classpath, String friends) throws IOException {
        Path sources = root.resolve(module).resolve("src").resolve(set).resolve("kotlin");
        if (!Files.isDirectory(sources)) {
            return;
        }
        List<String> arguments = new ArrayList<>(List.of(
            "-no-stdlib", "-no-reflect", "-Werror", "-jvm-target", "21",
            "-Xplugin=" + jar("kotlin-serialization-compiler-plugin-embeddable"),
            "-module-name", module.replace('/', '-') + "-" + set,
            "-classpath", classpath, "-d", classes(module, set).toString()));
        if (!friends.isEmpty()) {
            arguments.add("-Xfriend-paths=" + friends);
        }
        arguments.add(sources.toString());
        PrintStream said = System.out;
        ExitCode code = new K2JVMCompiler().exec(said, arguments.toArray(String[]::new));
        if (code != ExitCode.OK) {
            throw new IllegalStateException("could not compile " + module + " " + set + ": " + code);
        }
    }

    private void test(String module) throws Exception {
        for (String set : List.of("test", "integrationTest")) {
            Path tests = classes(module, set);
            if (!Files.isDirectory(tests)) {
                continue;
            }
            String classpath = Stream.of(
                tests, classes(module, "main"), classes(LIBRARY, "main"), root.resolve(module).resolve("src/main/resources"))
                .map(Path::toString).collect(Collectors.joining(":")) + ":" + runtime();
            Path reports = out.resolve(module).resolve("reports").resolve(set);
            start(module + " " + set, List.of(
                java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-javaagent:" + jar("org.jacoco.agent") + "=destfile=" + out.resolve("jacoco.exec") + ",includes=shop.*",
                "-jar", jar("junit-platform-console-standalone").toString(), "execute", "--class-path", classpath,
                "--scan-class-path", tests.toString(), "--details=none", "--disable-banner", "--fail-if-no-tests",
                "--reports-dir", reports.toString()));
        }
    }

    /** One report of all modules, in JaCoCo's XML. */
    private void report(List<String> modules) throws Exception {
        List<String> command = new ArrayList<>(List.of(
            java(), "-jar", jar("org.jacoco.cli").toString(), "report", out.resolve("jacoco.exec").toString(), "--quiet",
            "--xml", out.resolve("jacoco.xml").toString()));
        for (String module : modules) {
            command.addAll(List.of("--classfiles", classes(module, "main").toString()));
            command.addAll(List.of("--sourcefiles", root.resolve(module).resolve("src/main/kotlin").toString()));
        }
        start("coverage", command);
    }

    private static void start(String what, List<String> command) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IllegalStateException(what + " ended with " + code);
        }
    }

    private Path classes(String module, String set) {
        return out.resolve(module).resolve("classes").resolve(set);
    }

    private String runtime() throws IOException {
        return Stream.of("kotlin-stdlib", "kotlinx-serialization-core-jvm", "kotlinx-serialization-json-jvm")
            .map(this::jar).map(Path::toString).collect(Collectors.joining(":"));
    }

    /** The one jar of that name, whatever its version. */
    private Path jar(String name) {
        try (Stream<Path> files = Files.list(jars)) {
            List<Path> found = files.filter(file -> file.getFileName().toString().matches(name + "-[0-9].*\\.jar")).toList();
            if (found.size() != 1) {
                throw new IllegalStateException("there are " + found.size() + " jars of " + name + " in " + jars);
            }
            return found.getFirst();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
