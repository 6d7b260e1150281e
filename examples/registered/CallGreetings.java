import dev.athanor.api.Athanor;
import dev.athanor.api.RegisteredFunction;

/** Calls a function that was written in Python. */
public final class CallGreetings {
    record Greeting(String greeting, int letters) {}

    private CallGreetings() {}

    public static void main(String[] args) {
        RegisteredFunction<Greeting> greet = Athanor.function("greetings/greet", Greeting.class);

        System.out.println(greet.call("World").greeting());
        System.out.println(greet.call("World", 2));
    }
}
