using LienThong.Gateway.Routes;

namespace LienThong.Gateway.Admission;

/// <summary>The three levels of the budget in their order: agency, system, agreement. A call takes from all or from none.</summary>
internal static class Admit
{
    public static bool TryTake(Agreement agreement, long now, in BudgetDay day, out BudgetAnswer answer, out BudgetLevel level)
    {
        var consumer = agreement.Consumer;
        level = BudgetLevel.Organisation;
        if (consumer.OrganisationBudget is { } agency && !agency.TryTake(now, day, out answer))
        {
            // What the levels below lack of their shares comes with the same question.
            if (answer.Short is not null) consumer.Budget?.Expect();
            if (answer.Short is not null) agreement.Budget.Expect();
            return false;
        }

        level = BudgetLevel.Subsystem;
        if (consumer.Budget is { } system && !system.TryTake(now, day, out answer))
        {
            consumer.OrganisationBudget?.GiveBack();
            if (answer.Short is not null) agreement.Budget.Expect();
            return false;
        }

        level = BudgetLevel.Agreement;
        if (agreement.Budget.TryTake(now, day, out answer)) return true;
        consumer.Budget?.GiveBack();
        consumer.OrganisationBudget?.GiveBack();
        return false;
    }
}
