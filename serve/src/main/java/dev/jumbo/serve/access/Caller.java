package dev.jumbo.serve.access;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.schedule.Terms;
import dev.jumbo.serve.wire.Refusal;
import io.netty.util.AttributeKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: the name of a token and what it is good for, or an address where no token is asked for.
 *
 * @param name never a secret
 * @param models the models that it may use; null for all
 */
public record Caller(
        String name, Set<TokenScope> scopes, @Nullable List<String> models, Allowance quota) {
    /** The server itself, which asks its models before it is ready. */
    static final Caller SELF = new Caller(Terms.WARM_UP, EnumSet.of(TokenScope.INFER), null, Allowance.NONE);

    private static final AttributeKey<Caller> ATTRIBUTE = AttributeKey.valueOf(Caller.class, "caller");

    public Caller {
        scopes = Set.copyOf(scopes);
        models = models == null ? null : List.copyOf(models);
    }

    /** Somebody on a server without tokens, who may do everything. */
    static Caller at(String address, Allowance quota) {
        return new Caller(address, EnumSet.allOf(TokenScope.class), null, quota);
    }

    /** The caller of a request, which the guard has let pass or refused; one without rights where it is not known. */
    public static Caller of(ServiceRequestContext ctx) {
        Caller caller = ctx.attr(ATTRIBUTE);
        return caller == null ? new Caller("nobody", Set.of(), List.of(), Allowance.NONE) : caller;
    }

    /** Whether the server asks itself: nothing of that is counted or logged. */
    public boolean isSelf() {
        return this == SELF;
    }

    /** Whether it is not known who asks. */
    public boolean isNobody() {
        return scopes.isEmpty();
    }

    /**
     * For calls that are open until they name a model: who has no token for it must not learn which models there are.
     *
     * @throws Refusal UNAUTHENTICATED if nobody knows who asks, FORBIDDEN without the scope {@code infer} or for another's model, whether
     *     or not there is such a model
     */
    public void requireToken(String model) {
        if (isNobody()) {
            throw new Refusal(
                    Refusal.Reason.UNAUTHENTICATED,
                    "expected the header Authorization: Bearer TOKEN with a token of this server to ask about a model");
        }
        if (!scopes.contains(TokenScope.INFER)) {
            throw new Refusal(
                    Refusal.Reason.FORBIDDEN, "expected a token with the scope infer, which this one has not");
        }
        requireModel(model);
    }

    void setFor(ServiceRequestContext ctx) {
        ctx.setAttr(ATTRIBUTE, this);
    }

    public boolean mayUse(String model) {
        return models == null || models.contains(model);
    }

    /**
     * For protocols that name the model in the body; where it is in the path the guard has asked.
     *
     * @throws Refusal FORBIDDEN, whether or not there is such a model
     */
    public void requireModel(String model) {
        if (!mayUse(model)) {
            throw new Refusal(Refusal.Reason.FORBIDDEN, "this token is not for this model");
        }
    }
}
